"""居民用电的缺陷 / Sins of those who report electricity in homes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.recipes.home import HomeRecipe
from tanpuhui.reference_client.rewriting import Record, Rewriting, with_activity
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.business_time import instant_text, parse_instant
from tanpuhui.spec.home_month import Reading, month_rules
from tanpuhui.spec.quantity import decimal_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tanpuhui.reference_client.recipes.home import HomeMonthPart
    from tanpuhui.spec.home_month import HomeMonth
    from tanpuhui.spec.methodology import Methodology, ParameterSet

HOME, NORMAL = "HOME", "N"
SUMMED = "sums-the-registers-of-a-month"
ENERGIES = ("peak_kwh", "valley_kwh", "total_kwh", "baseline_kwh")
THOUSAND, MONTHS = 1000, 12
EIGHT_HOURS = timedelta(hours=8)
HIGHEST_TIER = 3


@breaks("IND-006", SUMMED, scene="first_report")
class CountsMiddleReadingsTwice(Witnessed, HomeRecipe):
    """中间示数重复计入 / Adds what the meter showed in between once more."""

    def summary(self, activity: Mapping[str, Any], part: HomeMonthPart) -> HomeMonth:
        month = super().summary(activity, part)
        inside = [it for it in self.readings(activity) if part.start <= it.at < part.end]
        if len(inside) < 2:  # noqa: PLR2004  # the begin and one in between
            return month
        self.fired()
        more = Decimal(inside[-1].peak_wh - inside[0].peak_wh).scaleb(-3)
        return replace(month, peak_kwh=month.peak_kwh + more, total_kwh=month.total_kwh + more)


@breaks("IND-006", SUMMED, scene="first_report")
class SwapsPeakAndValley(Witnessed, HomeRecipe):
    """峰谷对调 / Takes the valley register for the peak register."""

    def summary(self, activity: Mapping[str, Any], part: HomeMonthPart) -> HomeMonth:
        self.fired()
        month = super().summary(activity, part)
        return replace(month, peak_kwh=month.valley_kwh, valley_kwh=month.peak_kwh)


@breaks("IND-006", SUMMED, scene="truth")
class RoundsTheTotal(Witnessed, HomeRecipe):
    """总电量四舍五入到 0.01 / Rounds the total to two places."""

    def total_kwh(self, month: HomeMonth) -> Decimal:
        rounded = round(super().total_kwh(month), 2)
        if rounded != month.total_kwh:
            self.fired()
        return rounded


@breaks("IND-006", SUMMED, scene="truth")
class TakesTheLastOfTwoReadings(Witnessed, HomeRecipe):
    """同一时刻的示数取后到的 / Takes the last of two readings at one instant."""

    def readings(self, activity: Mapping[str, Any]) -> Sequence[Reading]:
        found = super().readings(activity)
        latest = {reading.at: reading for reading in found}
        if len(latest) < len(found):
            self.fired()
        return list(latest.values())


@breaks("IND-002", "quantities-are-in-the-units-laid-down", scene="first_report")
class TellsWattHoursAtHome(Rewriting):
    """居民电量以 Wh 报送 / Tells the electricity of homes in watt-hours."""

    def told(self, record: Record) -> Record:
        if record["scheme"] != HOME:
            return record
        told = record["activity"]
        return with_activity(
            record, **{name: decimal_text(Decimal(told[name]) * THOUSAND, 3) for name in ENERGIES}
        )


@breaks("IND-003", "instants-are-those-of-the-business-system", scene="first_report")
class BeginsMonthsInUtc(Rewriting):
    """自然月按 UTC 起止 / Lets months begin and end in UTC."""

    def told(self, record: Record) -> Record:
        if record["scheme"] != HOME:
            return record
        names = ("activity_start", "activity_end")
        return record | {name: instant_text(parse_instant(record[name]) + EIGHT_HOURS) for name in names}


@breaks("IND-005", "quantities-agree-with-the-raw-data", scene="first_report")
class TakesTheBaselineOfAYear(Witnessed, HomeRecipe):
    """以全年基准作为当月基准 / Takes the baseline of a year for that of a month."""

    def baseline_kwh(self, part: HomeMonthPart) -> Decimal:
        self.fired()
        return super().baseline_kwh(part) * MONTHS


@breaks("DEV-001", "names-device-and-state", scene="truth")
class KeepsFallenRegistersNormal(Witnessed, HomeRecipe):
    """示数下降仍写 N / Calls a meter normal whose registers fell."""

    def device_state(self, month: HomeMonth) -> str:
        found = super().device_state(month)
        if found != month_rules().fallen_flag:
            return found
        self.fired()
        return NORMAL


@breaks("DEV-001", "names-device-and-state", scene="truth")
class InterpolatesMissingEnds(Witnessed, HomeRecipe):
    """月初月末缺示数时补一个 / Makes up the readings that are missing at the ends of a month."""

    def summary(self, activity: Mapping[str, Any], part: HomeMonthPart) -> HomeMonth:
        found = sorted(self.readings(activity), key=lambda reading: reading.at)
        ends = {reading.at for reading in found} & {part.start, part.end}
        if len(ends) == 2 or len(found) < 2:  # noqa: PLR2004  # both ends; and two readings make a line
            return super().summary(activity, part)
        self.fired()
        return super().summary({**activity, "readings": _completed(activity, part)}, part)


def _completed(activity: Mapping[str, Any], part: HomeMonthPart) -> list[Mapping[str, Any]]:
    """With the nearest reading at each end that has none."""
    raw = sorted(activity["readings"], key=lambda item: parse_instant(item["at"]))
    nearest = {"first": raw[0], "last": raw[-1]}
    begun = {**nearest["first"], "at": instant_text(part.start)}
    ended = {**nearest["last"], "at": instant_text(part.end)}
    return [*raw, begun, ended]


@breaks("ACC-004", "leaves-out-what-the-methodology-excludes", scene="truth")
class IgnoresTheTier(Witnessed, HomeRecipe):
    """第三档写作第二档 / Tells the third tier as the second."""

    def tier(self, part: HomeMonthPart) -> int:
        found = super().tier(part)
        if found != HIGHEST_TIER:
            return found
        self.fired()
        return HIGHEST_TIER - 1


@breaks("ACC-004", "leaves-out-what-the-methodology-excludes", scene="truth")
class ForgetsThePanels(Witnessed, HomeRecipe):
    """自有光伏的用户写作没有 / Says of households with panels that they have none."""

    def has_pv(self, part: HomeMonthPart) -> str:
        if super().has_pv(part) == "yes":
            self.fired()
        return "no"


@breaks("ACC-002", "computes-exactly-and-rounds-down-last", scene="truth")
class SubtractsTheWrongWay(Witnessed, HomeRecipe):
    """以用电量减基准 / Subtracts the baseline from what was used."""

    def accounts(self, record: Mapping[str, Any]) -> dict[str, str]:
        found = super().accounts(record)
        wrong = max(Decimal(found["scenario_kg"]) - Decimal(found["baseline_kg"]), Decimal(0))
        if wrong != Decimal(found["reduction_kg"]):
            self.fired()
        return found | {"reduction_kg": decimal_text(wrong, 6)}


@breaks("ACC-001", "pins-what-was-in-force", scene="two_months")
class TakesTheFactorsOfTheReport(Witnessed, HomeRecipe):
    """变更之前的月也用新参数集 / Takes the new parameter set for the month before it was in force."""

    def methodology(self, part: HomeMonthPart) -> tuple[Methodology, ParameterSet]:
        methodology, parameters = super().methodology(part)
        latest = methodology.parameter_sets[-1]
        if latest != parameters:
            self.fired()
        return methodology, latest


@breaks("WRT-006", "reports-everything-due", scene="two_months")
class ReportsTheLastMonthAlone(Witnessed, HomeRecipe):
    """一只表有几个月时只报最后一个月 / Of several months of one meter reports the last alone."""

    def parts(self, activity: Mapping[str, Any]) -> Sequence[HomeMonthPart]:
        found = super().parts(activity)
        if any(True for _ in pairwise(found)):
            self.fired()
        return found[-1:]


@breaks("WRT-007", "reports-nothing-else-and-nothing-twice", scene="first_report")
class ReportsPeakAndValleyApart(Witnessed, HomeRecipe):
    """峰谷各报一条 / Makes one record of the peak hours and another of the valley hours."""

    def parts(self, activity: Mapping[str, Any]) -> Sequence[HomeMonthPart]:
        self.fired()
        return [
            replace(part, name=f"{part.name}-{half}")
            for part in super().parts(activity)
            for half in ("peak", "valley")
        ]
