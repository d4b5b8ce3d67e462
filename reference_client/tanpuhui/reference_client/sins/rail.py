"""轨道交通的缺陷 / Sins of a rail operator."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.recipes.rail import RailRecipe
from tanpuhui.reference_client.rewriting import Record, Rewriting, with_activity
from tanpuhui.reference_client.sending.withholding import Withholding
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.business_time import business_day, day_span, instant_text, parse_instant
from tanpuhui.spec.methodology import methodologies, named
from tanpuhui.spec.quantity import decimal_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tanpuhui.reference_client.recipes.recipe import Part
    from tanpuhui.reference_client.sending.withholding import WithheldFor
    from tanpuhui.spec.methodology import Methodology, ParameterSet

RAIL = "RAIL"
SAME_STATION = "Q-RAIL-006"
QUANTITIES = "quantities-agree-with-the-raw-data"
EXACTLY = "computes-exactly-and-rounds-down-last"
THOUSAND, MINUTE = 1000, 60
EIGHT_HOURS = timedelta(hours=8)
SIX_PLACES, FOUR_PLACES = Decimal("0.000001"), Decimal("0.0001")


@breaks("IND-002", "quantities-are-in-the-units-laid-down", scene="first_report")
class TellsMetresByRail(Rewriting):
    """轨道交通里程以米报送 / Tells the distance of metro trips in metres."""

    def told(self, record: Record) -> Record:
        if record["scheme"] != RAIL:
            return record
        metres = decimal_text(Decimal(record["activity"]["distance_km"]) * THOUSAND, 3)
        return with_activity(record, distance_km=metres)


@breaks("IND-005", QUANTITIES, scene="first_report")
class TellsMinutesByRail(Rewriting):
    """轨道交通时长以分钟报送 / Tells the duration of metro trips in minutes."""

    def told(self, record: Record) -> Record:
        if record["scheme"] != RAIL:
            return record
        return with_activity(record, duration_s=record["activity"]["duration_s"] // MINUTE)


@breaks("IND-005", QUANTITIES, scene="first_report")
class SwapsEntryAndExit(Witnessed, RailRecipe):
    """进站与出站对调 / Takes the exit for the entry."""

    def particulars(self, activity: Mapping[str, Any]) -> dict[str, Any]:
        found = super().particulars(activity)
        self.fired()
        return found | {"entry_station": found["exit_station"], "exit_station": found["entry_station"]}


@breaks("IND-005", QUANTITIES, scene="truth")
class TellsOneTicketForAll(Witnessed, RailRecipe):
    """票种一律写交通卡 / Tells every ticket as a card."""

    def particulars(self, activity: Mapping[str, Any]) -> dict[str, Any]:
        found = super().particulars(activity)
        if found["ticket_medium"] != "card":
            self.fired()
        return found | {"ticket_medium": "card"}


@breaks("IND-003", "instants-are-those-of-the-business-system", scene="first_report")
class ReadsUtcAsShanghaiTime(Rewriting):
    """把 UTC 的数字当作上海时间 / Takes the figures of UTC for Shanghai's."""

    def told(self, record: Record) -> Record:
        if record["scheme"] != RAIL:
            return record
        start, end = (record[name] for name in ("activity_start", "activity_end"))
        return record | {
            "activity_start": _without_eight_hours(start),
            "activity_end": _without_eight_hours(end),
        }


@breaks("WRT-007", "reports-nothing-else-and-nothing-twice", scene="truth")
class SplitsTripsAtMidnight(Witnessed, RailRecipe):
    """跨零时的行程拆成两条 / Splits a trip over midnight into two records."""

    def parts(self, activity: Mapping[str, Any]) -> Sequence[Part]:
        (whole,) = super().parts(activity)
        _, midnight = day_span(business_day(whole.start))
        if whole.end <= midnight:
            return [whole]
        self.fired()
        return [replace(whole, end=midnight), replace(whole, name="after", start=midnight)]


@breaks("ACC-001", "pins-what-was-in-force", scene="first_report")
class KeepsTheOldVersion(Witnessed, RailRecipe):
    """方法学换版之后仍用旧版 / Goes on with the methodology's old version after the new one came into force."""

    def methodology(self, part: Part) -> tuple[Methodology, ParameterSet]:
        oldest = min((one for one in methodologies() if one.scheme == RAIL), key=lambda one: one.version)
        if oldest.version != super().methodology(part)[0].version:
            self.fired()
        return oldest, oldest.parameter_sets[-1]


@breaks("ACC-001", "pins-what-was-in-force", scene="truth")
class TakesTheNewVersionAtOnce(Witnessed, RailRecipe):
    """新版生效之前的活动也用新版 / Takes the new version for activities that started before it was in force."""

    def methodology(self, part: Part) -> tuple[Methodology, ParameterSet]:
        newest = max((one for one in methodologies() if one.scheme == RAIL), key=lambda one: one.version)
        if newest.version != super().methodology(part)[0].version:
            self.fired()
        return newest, newest.parameter_sets[0]


@breaks("ACC-002", EXACTLY, scene="truth")
class RoundsItsFactorsFirst(Witnessed, RailRecipe):
    """先把各因子的乘积舍入到四位 / Rounds the product of the factors to four places first."""

    def accounts(self, record: Mapping[str, Any]) -> dict[str, str]:
        found = super().accounts(record)
        factor = _factor(record).quantize(FOUR_PLACES, ROUND_HALF_UP)
        baseline = decimal_text(Decimal(record["activity"]["distance_km"]) * factor, 6)
        if baseline == found["baseline_kg"]:
            return found
        self.fired()
        reduction = max(Decimal(baseline) - Decimal(found["scenario_kg"]), Decimal(0))
        return found | {"baseline_kg": baseline, "reduction_kg": decimal_text(reduction, 6)}


@breaks("ACC-002", EXACTLY, scene="truth")
class RoundsHalfUpByRail(Witnessed, RailRecipe):
    """基准线排放四舍五入 / Rounds its baseline half up."""

    def accounts(self, record: Mapping[str, Any]) -> dict[str, str]:
        found = super().accounts(record)
        exact = Decimal(record["activity"]["distance_km"]) * _factor(record)
        rounded = f"{exact.quantize(SIX_PLACES, ROUND_HALF_UP):f}"
        if rounded != found["baseline_kg"]:
            self.fired()
        return found | {"baseline_kg": rounded}


@breaks("ACC-002", EXACTLY, scene="truth")
class SubtractsWhatIsCut(Witnessed, RailRecipe):
    """以已截断的两数相减 / Subtracts two figures that were cut already."""

    def accounts(self, record: Mapping[str, Any]) -> dict[str, str]:
        found = super().accounts(record)
        difference = Decimal(found["baseline_kg"]) - Decimal(found["scenario_kg"])
        cut = decimal_text(max(difference, Decimal(0)), 6)
        if cut != found["reduction_kg"]:
            self.fired()
        return found | {"reduction_kg": cut}


@breaks("QUA-001", "sends-nothing-that-a-rule-rejects", scene="truth")
class ReportsTheSameStation(Witnessed, Withholding):
    """报送同站进出 / Reports trips that end where they began."""

    def broken_rule(self, record: Mapping[str, Any]) -> WithheldFor | None:
        hits = {hit.rule_id for hit in self._rejecting(record)}
        if hits == {SAME_STATION}:
            self.fired()
            return None
        return super().broken_rule(record)


def _factor(record: Mapping[str, Any]) -> Decimal:
    """What a kilometre counts on the side of the baseline."""
    _, parameters = named(record["methodology"], record["methodology_version"], record["parameter_set"])
    return parameters.values["ef_baseline"] * parameters.values.get("share_replaced", Decimal(1))


def _without_eight_hours(text: str) -> str:
    return instant_text(parse_instant(text) - EIGHT_HOURS)
