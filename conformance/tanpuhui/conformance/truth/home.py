"""Households with their registers, and the judge's own sum of a month in whole watt-hours, apart from the law's code."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.truth.calendar import midnight_of, month_after
from tanpuhui.conformance.truth.devices import utc_text
from tanpuhui.conformance.truth.record import DISTRICT, Facts, thousandths
from tanpuhui.spec.home_month import MonthRules, month_rules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from tanpuhui.conformance.truth.devices import InventedDevice
    from tanpuhui.conformance.truth.links import InventedLink
    from tanpuhui.conformance.verdict import Text

HOME = "HOME"
NORMAL = "N"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the meter showed at an instant: two registers that only rise, in watt-hours."""

    at: datetime
    peak_wh: int
    valley_wh: int
    state: str = NORMAL

    def held(self) -> dict[str, Any]:
        """As the business system holds it."""
        return {
            "at": utc_text(self.at),
            "peak_wh": self.peak_wh,
            "valley_wh": self.valley_wh,
            "state": self.state,
        }


@dataclass(frozen=True, slots=True)
class Billed:
    """One month of a household, as its supplier bills it."""

    first: date
    label: Text
    baseline_wh: int
    tier: int = 1
    has_pv: bool = False

    def held(self) -> dict[str, Any]:
        """As the business system holds it."""
        return {
            "month": f"{self.first:%Y-%m}",
            "baseline_wh": self.baseline_wh,
            "tier": self.tier,
            "has_pv": self.has_pv,
        }


@dataclass(frozen=True, slots=True)
class Household:
    """One household with its meter."""

    activity_id: str
    link: InventedLink
    device: InventedDevice
    months: tuple[Billed, ...]
    shown: tuple[Shown, ...]
    district_code: str = DISTRICT

    def held(self) -> dict[str, Any]:
        """As the business system holds it."""
        return {
            "activity_id": self.activity_id,
            "scheme": HOME,
            "link_id": self.link.link_id,
            "district_code": self.district_code,
            "device_id": self.device.device_id,
            "months": [month.held() for month in self.months],
            "readings": [reading.held() for reading in self.shown],
        }

    def facts(self) -> tuple[Facts, ...]:
        """One record for each month."""
        return tuple(self._month(month) for month in self.months)

    def _month(self, month: Billed) -> Facts:
        begin, end = midnight_of(month.first), midnight_of(month_after(month.first))
        readings = _in_order(self.shown, begin, end)
        peak, valley = _between([it.peak_wh for it in readings]), _between([it.valley_wh for it in readings])
        quantities = {
            "peak_kwh": thousandths(peak),
            "valley_kwh": thousandths(valley),
            "total_kwh": thousandths(peak + valley),
            "baseline_kwh": thousandths(month.baseline_wh),
            "tier": month.tier,
            "has_pv": "yes" if month.has_pv else "no",
        }
        state = state_of(readings, (begin, end), month_rules())
        return Facts(
            self.activity_id,
            month.label,
            HOME,
            self.link,
            self.device,
            state,
            begin,
            end,
            quantities,
            self.district_code,
        )


def state_of(readings: Sequence[Shown], span: tuple[datetime, datetime], rules: MonthRules) -> str:
    """Annex A.4: the gravest of the readings' own flags, a register that falls, and an end that is missing."""
    found = {reading.state for reading in readings} - {NORMAL}
    if any(
        later.peak_wh < earlier.peak_wh or later.valley_wh < earlier.valley_wh
        for earlier, later in pairwise(readings)
    ):
        found.add(rules.fallen_flag)
    if not readings or (readings[0].at, readings[-1].at) != span:
        found.add(rules.missing_flag)
    return min(found, key=rules.flag_order.index, default=NORMAL)


def _in_order(shown: Sequence[Shown], begin: datetime, end: datetime) -> list[Shown]:
    """The month's readings with both its ends; of two at one instant the first."""
    of_month: list[Shown] = []
    for reading in shown:
        if begin <= reading.at <= end and all(reading.at != other.at for other in of_month):
            of_month.append(reading)
    return sorted(of_month, key=lambda reading: reading.at)


def _between(registers: Sequence[int]) -> int:
    return max(registers[-1] - registers[0], 0) if registers else 0
