"""附录 A 日汇总的缺陷 / Sins against annex A: how the readings of a day are summed."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.recipes.pv import PvDayPart, PvRecipe
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.pv_day import day_rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tanpuhui.spec.pv_day import PvDay, Reading

AS_LAID_DOWN = "treats-faulty-readings-as-laid-down"
NORMAL = "N"
WATT_SECONDS_PER_KWH = 3_600_000


@breaks("IND-006", AS_LAID_DOWN, scene="truth")
class SubtractsTheNight(Witnessed, PvRecipe):
    """把夜间负值从发电量中减去 / Subtracts the negative values of the night."""

    def summary(self, activity: Mapping[str, Any], part: PvDayPart) -> PvDay:
        day = super().summary(activity, part)
        below = sum((r.power_w for r in part.readings if r.power_w and r.power_w < 0), Decimal(0))
        if not below or not day.generation_kwh:
            return day
        self.fired()
        taken = below * activity["interval_seconds"] / WATT_SECONDS_PER_KWH
        return replace(day, generation_kwh=max(day.generation_kwh + taken, Decimal(0)))


@breaks("IND-006", AS_LAID_DOWN, scene="truth")
class CountsMissingReadingsAsValid(Witnessed, PvRecipe):
    """缺失的读数也算有效 / Counts missing readings as valid ones."""

    def summary(self, activity: Mapping[str, Any], part: PvDayPart) -> PvDay:
        day = super().summary(activity, part)
        missing = day.expected_intervals - len({reading.start for reading in part.readings})
        if not missing:
            return day
        self.fired()
        return replace(day, valid_intervals=min(day.valid_intervals + missing, day.expected_intervals))


@breaks("IND-006", AS_LAID_DOWN, scene="truth")
class CountsStaleReadings(Witnessed, PvRecipe):
    """停滞的读数照常计入 / Counts stale readings like any other."""

    def summary(self, activity: Mapping[str, Any], part: PvDayPart) -> PvDay:
        lively = tuple(self._moved(part.readings))
        return super().summary(activity, replace(part, readings=lively))

    def _moved(self, readings: Sequence[Reading]) -> Sequence[Reading]:
        """So little apart that no sum changes, and no run is seen."""
        moved = list(readings)
        for number, (one, other) in enumerate(pairwise(readings), start=1):
            if one.power_w and one.power_w == other.power_w and number % 2:
                self.fired()
                moved[number] = replace(other, power_w=one.power_w + Decimal("0.000001"))
        return moved


@breaks("IND-006", AS_LAID_DOWN, scene="truth")
class FillsGapsWithTheLastValue(Witnessed, PvRecipe):
    """用前一个读数填补缺值 / Fills a reading without power with the one before."""

    def readings(self, activity: Mapping[str, Any]) -> Sequence[Reading]:
        filled: list[Reading] = []
        for reading in super().readings(activity):
            last = filled[-1].power_w if filled else None
            if reading.power_w is None and reading.state == NORMAL and last is not None:
                self.fired()
                filled.append(replace(reading, power_w=last - Decimal("0.1")))
            else:
                filled.append(reading)
        return filled


@breaks("IND-006", AS_LAID_DOWN, scene="truth")
class TakesTheLastOfTwo(Witnessed, PvRecipe):
    """重复的读数取后到的 / Takes the last of two readings of one interval."""

    def readings(self, activity: Mapping[str, Any]) -> Sequence[Reading]:
        found = super().readings(activity)
        latest = {reading.start: reading for reading in found}
        if len(latest) < len(found):
            self.fired()
        return list(latest.values())


@breaks("IND-005", "quantities-agree-with-the-raw-data", scene="truth")
class RoundsItsDaysUp(Witnessed, PvRecipe):
    """日发电量四舍五入 / Rounds the day's energy instead of cutting it."""

    def summary(self, activity: Mapping[str, Any], part: PvDayPart) -> PvDay:
        day = super().summary(activity, part)
        powers = [r.power_w for r in part.readings if r.power_w and r.power_w > 0 and r.state == NORMAL]
        exact = sum(powers, Decimal(0)) * activity["interval_seconds"] / WATT_SECONDS_PER_KWH
        rounded = exact.quantize(Decimal("0.001"), ROUND_HALF_UP)
        if rounded - day.generation_kwh != Decimal("0.001"):
            return day
        self.fired()
        return replace(day, generation_kwh=rounded)


@breaks("DEV-001", "names-device-and-state", scene="truth")
class NeedsMoreThanNineTenths(Witnessed, PvRecipe):
    """有效比例恰为 0.9 也不算正常 / Does not call a day normal with exactly 0.9 of its readings."""

    def summary(self, activity: Mapping[str, Any], part: PvDayPart) -> PvDay:
        day = super().summary(activity, part)
        if day.valid_intervals != day_rules().valid_share * day.expected_intervals:
            return day
        self.fired()
        return replace(day, device_state=day_rules().missing_flag)
