"""地面公交的缺陷 / Sins of a bus operator."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.recipes.bus import ACTUAL, AVERAGE, BusRecipe
from tanpuhui.reference_client.recipes.event import TRANSACTION
from tanpuhui.reference_client.rewriting import Record, Rewriting, with_activity
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.accounting import account, accounts_text
from tanpuhui.spec.quantity import decimal_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from tanpuhui.reference_client.recipes.recipe import Part
    from tanpuhui.spec.methodology import Methodology, ParameterSet

BUS = "BUS"
QUANTITIES = "quantities-agree-with-the-raw-data"
THOUSAND = 1000
FULL_LENGTH = Decimal("2.6")
AN_HOUR = timedelta(hours=1)


@breaks("IND-002", "quantities-are-in-the-units-laid-down", scene="first_report")
class TellsMetresByBus(Rewriting):
    """公交里程以米报送 / Tells the distance of bus trips in metres."""

    def told(self, record: Record) -> Record:
        if record["scheme"] != BUS:
            return record
        metres = decimal_text(Decimal(record["activity"]["distance_km"]) * THOUSAND, 3)
        return with_activity(record, distance_km=metres)


@breaks("IND-005", QUANTITIES, scene="truth")
class TakesTheLinesFullLength(Witnessed, BusRecipe):
    """只有上车的取线路全长 / Takes the line's full length where nobody tapped out."""

    def distance_km(self, activity: Mapping[str, Any]) -> Decimal:
        found = super().distance_km(activity)
        if self.tapped_out(activity):
            return found
        self.fired()
        return found * FULL_LENGTH


@breaks("IND-005", QUANTITIES, scene="truth")
class InventsAnAlighting(Rewriting):
    """没有下车的写作在上车站下车 / Where nobody tapped out, says that the passenger got off where he got on."""

    def told(self, record: Record) -> Record:
        told = record["activity"]
        if told.get("distance_method") != AVERAGE:
            return record
        invented = {"alight_stop": told["board_stop"], "distance_method": ACTUAL}
        return with_activity(record, **invented) | {"data_source": TRANSACTION}


@breaks("IND-001", "record-keeps-its-schema", scene="first_report")
class ForgetsTheAlightingStop(Rewriting):
    """有下车站点而不写 / Leaves out the stop where the passenger got off."""

    def told(self, record: Record) -> Record:
        told = {name: value for name, value in record["activity"].items() if name != "alight_stop"}
        return {**record, "activity": told}


@breaks("IND-003", "instants-are-those-of-the-business-system", scene="truth")
class EndsEveryTripAfterAnHour(Witnessed, BusRecipe):
    """没有下车的一律按一小时计 / Lets every trip without a second tap last an hour."""

    def span(self, activity: Mapping[str, Any]) -> tuple[datetime, datetime]:
        board, end = super().span(activity)
        if self.tapped_out(activity):
            return board, end
        self.fired()
        return board, board + AN_HOUR


@breaks("QUA-001", "sends-nothing-that-a-rule-rejects", scene="truth")
class CallsEstimatesTransactions(Rewriting):
    """估算的里程写作交易数据 / Calls estimates data of a transaction."""

    def told(self, record: Record) -> Record:
        return record | {"data_source": TRANSACTION} if record["scheme"] == BUS else record


@breaks("WRT-006", "reports-everything-due", scene="truth")
class DropsSingleTaps(Witnessed, BusRecipe):
    """不报只有上车的行程 / Leaves out trips without a second tap."""

    def parts(self, activity: Mapping[str, Any]) -> Sequence[Part]:
        if self.tapped_out(activity):
            return super().parts(activity)
        self.fired()
        return []


@breaks("ACC-001", "pins-what-was-in-force", scene="first_report")
class KeepsTheOldFactors(Witnessed, BusRecipe):
    """参数更新后仍用旧参数集 / Goes on with the old parameter set after the new one came into force."""

    def methodology(self, part: Part) -> tuple[Methodology, ParameterSet]:
        methodology, parameters = super().methodology(part)
        oldest = methodology.parameter_sets[0]
        if oldest != parameters:
            self.fired()
        return methodology, oldest


@breaks("ACC-002", "computes-exactly-and-rounds-down-last", scene="first_report")
class ComputesWithTheOldFactors(Witnessed, BusRecipe):
    """写明新参数集，仍按旧参数计算 / Names the new parameter set and computes with the old one."""

    def accounts(self, record: Mapping[str, Any]) -> dict[str, str]:
        before = {**record, "parameter_set": "bus-2024.1-a"}
        found = accounts_text(account(before))
        if found != super().accounts(record):
            self.fired()
        return found


@breaks("IND-005", QUANTITIES, scene="truth")
class CutsToTenthsOfAKilometre(Witnessed, BusRecipe):
    """里程先截断到 0.1 千米 / Cuts distances to a tenth of a kilometre first."""

    def distance_km(self, activity: Mapping[str, Any]) -> Decimal:
        found = super().distance_km(activity)
        cut = Decimal(decimal_text(found, 1))
        if cut != found:
            self.fired()
        return cut
