"""第 10 章 核算的缺陷 / Sins against clause 10, accounting."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.recipes.bike import BikeRecipe
from tanpuhui.reference_client.recipes.pv import PvRecipe
from tanpuhui.reference_client.rewriting import Record, Rewriting
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.methodology import named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.reference_client.recipes.recipe import Part
    from tanpuhui.spec.methodology import Methodology, ParameterSet

EXACTLY = "computes-exactly-and-rounds-down-last"
PLACES = Decimal("0.000001")


@breaks("ACC-001", "pins-what-was-in-force", scene="truth")
class TakesTheLatestParameters(Witnessed, BikeRecipe):
    """一律用最新的参数集 / Always takes the latest parameter set."""

    def methodology(self, part: Part) -> tuple[Methodology, ParameterSet]:
        methodology, parameters = super().methodology(part)
        latest = methodology.parameter_sets[-1]
        if latest != parameters:
            self.fired()
        return methodology, latest


@breaks("ACC-001", "pins-what-was-in-force", scene="truth")
class TakesTheParametersOfTheEnd(Witnessed, BikeRecipe):
    """用结束时刻有效的参数集 / Takes the parameter set in force when the activity ended."""

    def methodology(self, part: Part) -> tuple[Methodology, ParameterSet]:
        found = super().methodology(type(part)(part.name, part.end, part.end))
        if found != super().methodology(part):
            self.fired()
        return found


@breaks("ACC-002", EXACTLY)
class RoundsHalfUp(Witnessed, BikeRecipe):
    """减排量四舍五入 / Rounds its reductions instead of cutting them."""

    def accounts(self, record: Mapping[str, Any]) -> dict[str, str]:
        exact = Decimal(record["activity"]["distance_km"]) * _factors(record)["ef_replaced"]
        found = super().accounts(record)
        if record["activity"]["propulsion"] != "human":
            return found
        rounded = f"{exact.quantize(PLACES, ROUND_HALF_UP):f}"
        if rounded != found["reduction_kg"]:
            self.fired()
        return found | {"baseline_kg": rounded, "reduction_kg": rounded}


@breaks("ACC-002", EXACTLY, scene="truth")
class ComputesInFloats(Witnessed, PvRecipe):
    """用浮点数计算 / Computes in binary floats."""

    def accounts(self, record: Mapping[str, Any]) -> dict[str, str]:
        found = super().accounts(record)
        if record["device_state"] != "N":
            return found
        kilograms = float(record["activity"]["generation_kwh"]) * float(_factors(record)["ef_grid"])
        floating = f"{math.floor(kilograms * 1e6) / 1e6:.6f}"
        if floating != found["reduction_kg"]:
            self.fired()
        return found | {"baseline_kg": floating, "reduction_kg": floating}


@breaks("ACC-002", EXACTLY)
class RoundsTooEarly(Witnessed, BikeRecipe):
    """中间结果先截断到三位小数 / Cuts to three places before the last step."""

    def accounts(self, record: Mapping[str, Any]) -> dict[str, str]:
        self.fired()
        found = super().accounts(record)
        return {name: f"{text[:-3]}000" for name, text in found.items()}


@breaks("ACC-002", EXACTLY, scene="truth")
class ClaimsLessThanNothing(Rewriting):
    """减排量为负时仍报负值 / Claims a negative reduction where none is left."""

    def told(self, record: Record) -> Record:
        difference = Decimal(record["baseline_kg"]) - Decimal(record["scenario_kg"])
        return record | {"reduction_kg": f"{difference:f}"} if difference < 0 else record


def _factors(record: Mapping[str, Any]) -> Mapping[str, Decimal]:
    _, parameters = named(record["methodology"], record["methodology_version"], record["parameter_set"])
    return parameters.values
