"""How the trips of an electric car become one business day (annex A, A.3, IND-006)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from tanpuhui.spec.business_time import business_day
from tanpuhui.spec.element import device_states, indicator_file
from tanpuhui.spec.law import law_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

NORMAL = "N"


class InvalidTrip(ValueError):
    """行程不合规定 / A trip, or a day of trips, that the day rules cannot use."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}（IND-006） / {en} (IND-006)")


@dataclass(frozen=True, slots=True)
class Trip:
    """One trip by the car's own telematics: metres on the odometer, watt-hours taken, state of the unit."""

    start: datetime
    end: datetime
    odometer_start_m: int
    odometer_end_m: int
    energy_wh: int
    state: str

    def __post_init__(self) -> None:
        if self.start.utcoffset() is None or self.end.utcoffset() is None:
            raise InvalidTrip("行程时刻应带时区偏移", "the instants of a trip need an offset")
        if self.state not in device_states():
            raise InvalidTrip("设备状态标记不在取值表中", "the device state is not in the list of codes")
        if min(self.odometer_start_m, self.odometer_end_m) < 0:
            raise InvalidTrip("里程表读数不应为负", "an odometer shall not be negative")


@dataclass(frozen=True, slots=True)
class EvDay:
    """What a day record says of its trips."""

    odometer_start_km: Decimal
    odometer_end_km: Decimal
    distance_km: Decimal
    energy_kwh: Decimal
    trips: int
    device_state: str


@dataclass(frozen=True, slots=True)
class TripRules:
    """The parameters of the day rules, as annex A has them."""

    flag_order: tuple[str, ...]


@cache
def trip_rules() -> TripRules:
    """The parameters from the law."""
    data = law_yaml(indicator_file("EV"))["day"]
    return TripRules(flag_order=tuple(data["flag_order"]))


def days_of(trips: Iterable[Trip]) -> tuple[date, ...]:
    """The business days in which a trip started, in order."""
    return tuple(sorted({business_day(trip.start) for trip in trips}))


def summarise_day(trips: Iterable[Trip], day: date) -> EvDay:
    """The sum of the trips that started in one business day; trips of other days are left aside."""
    of_day = sorted((trip for trip in trips if business_day(trip.start) == day), key=lambda trip: trip.start)
    if not of_day:
        raise InvalidTrip("当日没有行程，不形成记录", "no trip started in the day, which makes no record")
    metres = sum(trip.odometer_end_m - trip.odometer_start_m for trip in of_day)
    energy = sum(trip.energy_wh for trip in of_day)
    return EvDay(
        odometer_start_km=_thousandth(of_day[0].odometer_start_m),
        odometer_end_km=_thousandth(of_day[-1].odometer_end_m),
        distance_km=_thousandth(max(metres, 0)),
        energy_kwh=_thousandth(max(energy, 0)),
        trips=len(of_day),
        device_state=_state({trip.state for trip in of_day}),
    )


def _state(states: set[str]) -> str:
    return next((flag for flag in trip_rules().flag_order if flag in states), NORMAL)


def _thousandth(base_units: int) -> Decimal:
    return Decimal(base_units).scaleb(-3)
