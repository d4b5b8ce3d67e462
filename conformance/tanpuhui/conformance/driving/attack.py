"""Requests to the scenario that it must refuse, each one thing away from one that it must accept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.conformance.driving.stage import Stage
    from tanpuhui.conformance.driving.watch import JournalEntry
    from tanpuhui.conformance.verdict import Text

ATTACK = "attack"


@dataclass(frozen=True, slots=True)
class Attack:
    """What is sent (as the control interface takes it) and for which problems it may be refused; none: accepted.

    A canary is a text in the request that must not come back in the answer (PRV-003).
    """

    name: str
    text: Text
    message: Mapping[str, Any]
    problems: tuple[str, ...] = ()
    canary: str | None = None


def _is_outbound(entry: JournalEntry) -> bool:
    return bool(entry["kind"] == "exchange" and entry["direction"] == "outbound")


def attacked(stage: Stage, attack: Attack) -> None:
    """Send it, and note beside the recorded exchange what was expected of it."""
    stage.tenant.deliver(attack.message)
    patience = stage.stand.times.event_ack_seconds + 1
    stage.watch.until(_is_outbound, patience)
    stage.recorder.note(
        ATTACK,
        name=attack.name,
        **attack.text.as_mapping(),
        problems=list(attack.problems),
        canary=attack.canary,
        exchange=stage.recorder.last_exchange,
    )
