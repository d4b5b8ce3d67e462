"""What must not be sent, and why: decided before sending, by the platform's time and the links it lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from tanpuhui.spec.business_time import parse_instant
from tanpuhui.spec.columns import record_row
from tanpuhui.spec.element import schemes
from tanpuhui.spec.exclusion import excluded_row
from tanpuhui.spec.indicator import violations
from tanpuhui.spec.privacy import find_personal_data
from tanpuhui.spec.quality import check_row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.reference_client.keeping.devicebook import DeviceBook
    from tanpuhui.reference_client.keeping.linkbook import LinkBook
    from tanpuhui.reference_client.recipes.recipe import Part
    from tanpuhui.spec.limits import Times
    from tanpuhui.spec.quality import RuleHit

WithheldFor: TypeAlias = Literal["link", "exclusion", "device", "rule", "not-ended", "late"]
WITHHELD_FOR: tuple[WithheldFor, ...] = ("link", "exclusion", "device", "rule", "not-ended", "late")
MAY_PASS: frozenset[str] = frozenset({"link", "device", "not-ended"})
"""Reasons that time, an event or a certificate may remove; the others stay until the business system changes its data."""

_OF_TIME = frozenset({"record-late", "record-future"})


@dataclass(frozen=True, slots=True)
class Circumstance:
    """What holds at the time of the decision."""

    links: LinkBook
    times: Times
    now: datetime
    devices: DeviceBook | None = None


class Withholding:
    """The scenario's own gate; each method is one reason to hold back."""

    def __init__(self, circumstance: Circumstance) -> None:
        self.links, self.times, self.now = circumstance.links, circumstance.times, circumstance.now
        self.devices = circumstance.devices
        self._judged: tuple[Mapping[str, Any] | None, Mapping[str, Any]] = (None, {})
        self.hits: tuple[RuleHit, ...] = ()
        """The rules, of any severity, that the record judged last does not meet."""

    def reason(self, record: Mapping[str, Any], part: Part) -> WithheldFor | None:
        """The first reason not to send a record."""
        if not self.link_active(record["link_id"], parse_instant(record["activity_start"])):
            return "link"
        if not self.sound(record):
            return "rule"
        if self.excluded(record):
            return "exclusion"
        if not self.device_fit(record):
            return "device"
        return self.broken_rule(record) or self.of_time(part)

    def detail(self, record: Mapping[str, Any], reason: WithheldFor) -> str | None:
        """Which exclusion or rule it was, for the people who have to correct it."""
        if reason == "exclusion":
            return next((exclusion.id for exclusion in excluded_row(self.row(record))), None)
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
        return not violations(record) and not _names_somebody(record["device_id"])

    def excluded(self, record: Mapping[str, Any]) -> bool:
        """Whether the methodology excludes the activity (ACC-004)."""
        return bool(excluded_row(self.row(record)))

    def device_fit(self, record: Mapping[str, Any]) -> bool:
        """Whether the device is on file as its scheme demands; without a list of devices that is not judged."""
        duty = schemes()[record["scheme"]].device
        if self.devices is None or not duty.registered:
            return True
        device_id, start = record["device_id"], parse_instant(record["activity_start"])
        return self.device_registered(device_id) and (
            not duty.calibrated or self.device_calibrated(device_id, start)
        )

    def device_registered(self, device_id: str) -> bool:
        """Whether the platform knows the device (DEV-003)."""
        return self.devices is None or self.devices.registered(device_id)

    def device_calibrated(self, device_id: str, start: datetime) -> bool:
        """Whether the device's calibration was valid when the activity started (DEV-004)."""
        return self.devices is None or self.devices.calibrated(device_id, start)

    def broken_rule(self, record: Mapping[str, Any]) -> WithheldFor | None:
        """Whether a rule of severity reject is not met; those on time belong to `of_time` (QUA-001)."""
        return "rule" if self._rejecting(record) else None

    def _rejecting(self, record: Mapping[str, Any]) -> list[RuleHit]:
        self.hits = check_row(self.row(record), self.times)
        return [hit for hit in self.hits if hit.severity == "reject" and hit.reason not in _OF_TIME]

    def row(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """The record as rules read it, made once for all of them."""
        judged, row = self._judged
        if judged is not record:
            row = record_row(record, received_at=self.now)
            self._judged = (record, row)
        return row


@lru_cache(maxsize=4096)
def _names_somebody(device_id: str) -> bool:
    """Whether there are personal data in a device's id; many records share theirs."""
    return bool(find_personal_data(device_id))
