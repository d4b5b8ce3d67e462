"""Cars with their trips, and the judge's own sum of a day in whole metres and watt-hours, apart from the law's code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.truth.calendar import midnight_of, shanghai_day
from tanpuhui.conformance.truth.devices import utc_text
from tanpuhui.conformance.truth.record import DISTRICT, Facts, thousandths
from tanpuhui.spec.ev_day import trip_rules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from tanpuhui.conformance.truth.devices import InventedDevice
    from tanpuhui.conformance.truth.links import InventedLink
    from tanpuhui.conformance.verdict import Text

EV = "EV"
NORMAL = "N"


@dataclass(frozen=True, slots=True)
class Drive:
    """One trip of a car: metres on its odometer before and after, watt-hours taken."""

    start: datetime
    end: datetime
    odometer_m: tuple[int, int]
    energy_wh: int
    state: str = NORMAL

    def held(self) -> dict[str, Any]:
        """As the business system holds it."""
        return {
            "start": utc_text(self.start),
            "end": utc_text(self.end),
            "odometer_start_m": self.odometer_m[0],
            "odometer_end_m": self.odometer_m[1],
            "energy_wh": self.energy_wh,
            "state": self.state,
        }


@dataclass(frozen=True, slots=True)
class Car:
    """One car with its trips; `days` labels the business days in which they began."""

    activity_id: str
    label: Text
    link: InventedLink
    device: InventedDevice
    drives: tuple[Drive, ...]
    days: tuple[tuple[date, Text], ...] = ()
    district_code: str = DISTRICT

    def held(self) -> dict[str, Any]:
        """As the business system holds it."""
        return {
            "activity_id": self.activity_id,
            "scheme": EV,
            "link_id": self.link.link_id,
            "district_code": self.district_code,
            "device_id": self.device.device_id,
            "trips": [drive.held() for drive in self.drives],
        }

    def facts(self) -> tuple[Facts, ...]:
        """One record for each day in which a trip began."""
        days = sorted({shanghai_day(drive.start) for drive in self.drives})
        return tuple(self._day(day) for day in days)

    def _day(self, day: date) -> Facts:
        drives = [drive for drive in self.drives if shanghai_day(drive.start) == day]
        return Facts(
            self.activity_id,
            dict(self.days).get(day, self.label),
            EV,
            self.link,
            self.device,
            state_of(drives),
            midnight_of(day),
            midnight_of(day) + timedelta(days=1),
            sum_of(drives),
            self.district_code,
        )


def sum_of(drives: Sequence[Drive]) -> dict[str, Any]:
    """Annex A.3: what the trips of one day come to."""
    driven = sorted(drives, key=lambda drive: drive.start)
    metres = sum(drive.odometer_m[1] - drive.odometer_m[0] for drive in driven)
    return {
        "odometer_start_km": thousandths(driven[0].odometer_m[0]),
        "odometer_end_km": thousandths(driven[-1].odometer_m[1]),
        "distance_km": thousandths(max(metres, 0)),
        "energy_kwh": thousandths(max(sum(drive.energy_wh for drive in driven), 0)),
        "trips": len(driven),
    }


def state_of(drives: Sequence[Drive]) -> str:
    """The gravest state that any of the trips has."""
    ranks = {flag: rank for rank, flag in enumerate(trip_rules().flag_order)}
    return min(
        (drive.state for drive in drives if drive.state != NORMAL), key=ranks.__getitem__, default=NORMAL
    )
