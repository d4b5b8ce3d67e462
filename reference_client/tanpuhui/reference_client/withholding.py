"""What must not be sent, and why: decided before sending, by the platform's time and the links it lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from tanpuhui.spec.business_time import parse_instant
from tanpuhui.spec.exclusion import excluded
from tanpuhui.spec.indicator import violations
from tanpuhui.spec.privacy import find_personal_data
from tanpuhui.spec.quality import check_record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.reference_client.linkbook import LinkBook
    from tanpuhui.reference_client.recipes.recipe import Part
    from tanpuhui.spec.limits import Times
    from tanpuhui.spec.quality import RuleHit

WithheldFor: TypeAlias = Literal["link", "exclusion", "rule", "not-ended", "late"]
WITHHELD_FOR: tuple[WithheldFor, ...] = ("link", "exclusion", "rule", "not-ended", "late")
MAY_PASS: frozenset[str] = frozenset({"link", "not-ended"})
"""Reasons that time or an event may remove; the others stay until the business system changes its data."""

_OF_TIME = frozenset({"record-late", "record-future"})


@dataclass(frozen=True, slots=True)
class Circumstance:
    """What holds at the time of the decision."""

    links: LinkBook
    times: Times
    now: datetime


class Withholding:
    """The scenario's own gate; each method is one reason to hold back."""

    def __init__(self, circumstance: Circumstance) -> None:
        self.links, self.times, self.now = circumstance.links, circumstance.times, circumstance.now

    def reason(self, record: Mapping[str, Any], part: Part) -> WithheldFor | None:
        """The first reason not to send a record."""
        if not self.link_active(record["link_id"], parse_instant(record["activity_start"])):
            return "link"
        if not self.sound(record):
            return "rule"
        if self.excluded(record):
            return "exclusion"
        return self.broken_rule(record) or self.of_time(part)

    def detail(self, record: Mapping[str, Any], reason: WithheldFor) -> str | None:
        """Which exclusion or rule it was, for the people who have to correct it."""
        if reason == "exclusion":
            return next((exclusion.id for exclusion in excluded(record)), None)
        if reason == "rule":
            wrong = violations(record)
            return wrong[0].pointer if wrong else next((hit.rule_id for hit in self._rejecting(record)), None)
        return None

    def of_time(self, part: Part) -> WithheldFor | None:
        """Whether it is too early or too late (WRT-008)."""
        if not self.ended(part):
            return "not-ended"
        return None if self.in_time(part) else "late"

    def ended(self, part: Part) -> bool:
        """Whether it is over by the platform's time."""
        return part.end <= self.now

    def in_time(self, part: Part) -> bool:
        """Whether the late window is still open."""
        return self.now - part.end <= timedelta(days=self.times.late_window_days)

    def link_active(self, link_id: str, start: datetime) -> bool:
        """Whether the user's link was active when the activity started (LNK-001)."""
        return self.links.active(link_id, start)

    def sound(self, record: Mapping[str, Any]) -> bool:
        """Whether the record matches its schema and names nobody (IND-001, PRV-001)."""
        return not violations(record) and not find_personal_data(record["device_id"])

    def excluded(self, record: Mapping[str, Any]) -> bool:
        """Whether the methodology excludes the activity (ACC-004)."""
        return bool(excluded(record))

    def broken_rule(self, record: Mapping[str, Any]) -> WithheldFor | None:
        """Whether a rule of severity reject is not met; those on time belong to `of_time` (QUA-001)."""
        return "rule" if self._rejecting(record) else None

    def _rejecting(self, record: Mapping[str, Any]) -> list[RuleHit]:
        hits = check_record(record, received_at=self.now, times=self.times)
        return [hit for hit in hits if hit.severity == "reject" and hit.reason not in _OF_TIME]
