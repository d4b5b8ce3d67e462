"""光伏：区间读数按业务日汇总 / Photovoltaic power: interval readings become one record a business day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from tanpuhui.reference_client.recipes.recipe import Measured, Part, Recipe
from tanpuhui.spec.business_time import business_day, parse_instant
from tanpuhui.spec.pv_day import Reading, day_span, summarise_day
from tanpuhui.spec.quantity import decimal_text, parse_decimal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from tanpuhui.spec.pv_day import PvDay


@dataclass(frozen=True, slots=True)
class PvDayPart(Part):
    """One business day with its readings."""

    readings: tuple[Reading, ...]


class PvRecipe(Recipe[PvDayPart]):
    """A plant's day, summed as annex A says (IND-006)."""

    scheme: ClassVar[str] = "PV"

    def parts(self, activity: Mapping[str, Any]) -> Sequence[PvDayPart]:
        """One part for each business day that has a reading."""
        by_day: dict[date, list[Reading]] = {}
        for reading in self.readings(activity):
            by_day.setdefault(self.day(reading), []).append(reading)
        return [PvDayPart(str(day), *day_span(day), tuple(found)) for day, found in sorted(by_day.items())]

    def day(self, reading: Reading) -> date:
        """The business day that a reading belongs to."""
        return business_day(reading.start)

    def measured(self, activity: Mapping[str, Any], part: PvDayPart) -> Measured:
        """The day's sum."""
        day = self.summary(activity, part)
        members = {
            "capacity_kw": decimal_text(parse_decimal(activity["capacity_kw"]), 3),
            "grid_connected_on": activity["grid_connected_on"],
            "generation_kwh": decimal_text(self.generation_kwh(day), 3),
            "valid_intervals": day.valid_intervals,
            "expected_intervals": day.expected_intervals,
        }
        return Measured(self.device_state(day), "METERED", members)

    def summary(self, activity: Mapping[str, Any], part: PvDayPart) -> PvDay:
        """What the rules of annex A make of the day's readings."""
        return summarise_day(part.readings, business_day(part.start), activity["interval_seconds"])

    def readings(self, activity: Mapping[str, Any]) -> Sequence[Reading]:
        """The readings as the business system holds them."""
        return [
            Reading(parse_instant(item["start"]), self.power_w(item["power_w"]), item["state"])
            for item in activity["readings"]
        ]

    def power_w(self, text: str | None) -> Decimal | None:
        """Power in watts; none where the reading has none."""
        return None if text is None else parse_decimal(text)

    def generation_kwh(self, day: PvDay) -> Decimal:
        """The day's energy in kWh."""
        return day.generation_kwh

    def device_state(self, day: PvDay) -> str:
        """The day's flag (DEV-001)."""
        return day.device_state
