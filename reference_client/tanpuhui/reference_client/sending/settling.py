"""What follows from a verdict (WRT-005)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.reference_client.keeping.outbox import Settled

if TYPE_CHECKING:
    from tanpuhui.reference_client.calling.answers import RecordVerdict


class Settling:
    """Decides what becomes of a record; every verdict settles it, none sends it again."""

    def state(self, verdict: RecordVerdict) -> tuple[str, str | None]:
        """The record's state, and the first reason given for it."""
        return verdict.verdict, verdict.reasons[0].code if verdict.reasons else None

    def settled(self, verdict: RecordVerdict) -> Settled:
        """What is written down: state, reason, and the rule behind it or the verdict that a repeated record has."""
        rule = verdict.reasons[0].rule if verdict.reasons else None
        return Settled(*self.state(verdict), rule or verdict.original)
