"""电动汽车：一辆车一个业务日的行程一条记录 / Electric cars: one record for each car and business day with a trip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from tanpuhui.reference_client.recipes.recipe import Measured, Part, Recipe
from tanpuhui.spec.business_time import business_day, day_span, parse_instant
from tanpuhui.spec.ev_day import Trip, summarise_day
from tanpuhui.spec.quantity import decimal_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from tanpuhui.spec.ev_day import EvDay


@dataclass(frozen=True, slots=True)
class EvDayPart(Part):
    """One business day with the trips that started in it."""

    trips: tuple[Trip, ...]


class EvRecipe(Recipe[EvDayPart]):
    """A car's day, summed as annex A says (IND-006)."""

    scheme: ClassVar[str] = "EV"

    def parts(self, activity: Mapping[str, Any]) -> Sequence[EvDayPart]:
        """One part for each business day in which a trip started."""
        by_day: dict[date, list[Trip]] = {}
        for trip in self.trips(activity):
            by_day.setdefault(self.day(trip), []).append(trip)
        return [EvDayPart(str(day), *day_span(day), tuple(found)) for day, found in sorted(by_day.items())]

    def day(self, trip: Trip) -> date:
        """The business day that a trip belongs to: that of its start, also where it ends on the next."""
        return business_day(trip.start)

    def measured(self, activity: Mapping[str, Any], part: EvDayPart) -> Measured:
        """The day's sum."""
        day = self.summary(activity, part)
        members = {
            "odometer_start_km": decimal_text(day.odometer_start_km, 3),
            "odometer_end_km": decimal_text(day.odometer_end_km, 3),
            "distance_km": decimal_text(self.distance_km(day), 3),
            "energy_kwh": decimal_text(self.energy_kwh(day), 3),
            "trips": day.trips,
        }
        return Measured(self.device_state(day), "METERED", members)

    def summary(self, activity: Mapping[str, Any], part: EvDayPart) -> EvDay:  # noqa: ARG002
        """What the rules of annex A make of the day's trips."""
        return summarise_day(part.trips, business_day(part.start))

    def trips(self, activity: Mapping[str, Any]) -> Sequence[Trip]:
        """The trips as the telematics holds them."""
        return [
            Trip(
                parse_instant(item["start"]),
                parse_instant(item["end"]),
                item["odometer_start_m"],
                item["odometer_end_m"],
                item["energy_wh"],
                item["state"],
            )
            for item in activity["trips"]
        ]

    def distance_km(self, day: EvDay) -> Decimal:
        """The kilometres of the day's trips, not those between them."""
        return day.distance_km

    def energy_kwh(self, day: EvDay) -> Decimal:
        """The electricity of the day's trips."""
        return day.energy_kwh

    def device_state(self, day: EvDay) -> str:
        """The day's flag (DEV-001)."""
        return day.device_state
