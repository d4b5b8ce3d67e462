"""居民用电：一只电能表一个自然月一条记录 / Electricity in homes: one record for each meter and calendar month."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from tanpuhui.reference_client.recipes.recipe import Measured, Part, Recipe
from tanpuhui.spec.business_time import business_day, month_span, parse_instant
from tanpuhui.spec.home_month import Reading, parse_month, summarise_month
from tanpuhui.spec.quantity import decimal_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tanpuhui.spec.home_month import HomeMonth


@dataclass(frozen=True, slots=True)
class HomeMonthPart(Part):
    """One calendar month with what the business system knows of the household in it."""

    terms: Mapping[str, Any]


class HomeRecipe(Recipe[HomeMonthPart]):
    """A household's month, from its registers as annex A says (IND-006)."""

    scheme: ClassVar[str] = "HOME"

    def parts(self, activity: Mapping[str, Any]) -> Sequence[HomeMonthPart]:
        """One part for each month listed."""
        listed = sorted(activity["months"], key=lambda item: str(item["month"]))
        return [
            HomeMonthPart(item["month"], *month_span(parse_month(item["month"])), item) for item in listed
        ]

    def measured(self, activity: Mapping[str, Any], part: HomeMonthPart) -> Measured:
        """The month's energy with the household's baseline, tier and plant."""
        month = self.summary(activity, part)
        members = {
            "peak_kwh": decimal_text(month.peak_kwh, 3),
            "valley_kwh": decimal_text(month.valley_kwh, 3),
            "total_kwh": decimal_text(self.total_kwh(month), 3),
            "baseline_kwh": decimal_text(self.baseline_kwh(part), 3),
            "tier": self.tier(part),
            "has_pv": self.has_pv(part),
        }
        return Measured(self.device_state(month), "METERED", members)

    def summary(self, activity: Mapping[str, Any], part: HomeMonthPart) -> HomeMonth:
        """What the rules of annex A make of the month's readings."""
        return summarise_month(self.readings(activity), business_day(part.start))

    def readings(self, activity: Mapping[str, Any]) -> Sequence[Reading]:
        """The registers as the meter told them."""
        return [
            Reading(parse_instant(item["at"]), item["peak_wh"], item["valley_wh"], item["state"])
            for item in activity["readings"]
        ]

    def total_kwh(self, month: HomeMonth) -> Decimal:
        """Peak and valley energy together."""
        return month.total_kwh

    def baseline_kwh(self, part: HomeMonthPart) -> Decimal:
        """The baseline, fixed before the month began."""
        return Decimal(part.terms["baseline_wh"]).scaleb(-3)

    def tier(self, part: HomeMonthPart) -> int:
        """The price tier that the household had reached."""
        return int(part.terms["tier"])

    def has_pv(self, part: HomeMonthPart) -> str:
        """Whether the household has photovoltaic power of its own."""
        return "yes" if part.terms["has_pv"] else "no"

    def device_state(self, month: HomeMonth) -> str:
        """The month's flag (DEV-001)."""
        return month.device_state
