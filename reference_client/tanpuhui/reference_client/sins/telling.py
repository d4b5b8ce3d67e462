"""第 5、14 章 指标与设备的缺陷 / Sins against clauses 5 and 14: what records say."""

from __future__ import annotations

from datetime import UTC, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.recipes.bike import BikeRecipe
from tanpuhui.reference_client.rewriting import Record, Rewriting, with_activity
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.accounting import account, accounts_text
from tanpuhui.spec.business_time import business_day, instant_text, parse_instant
from tanpuhui.spec.quantity import decimal_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.reference_client.recipes.recipe import Part

NORMAL = "N"
THOUSAND = 1000
QUANTITIES = frozenset({"distance_km", "generation_kwh", "total_kwh"})


@breaks("IND-001", "record-keeps-its-schema")
class WritesFourPlaces(Rewriting):
    """量值写四位小数 / Writes quantities with four places."""

    def told(self, record: Record) -> Record:
        name = next(name for name in record["activity"] if name in QUANTITIES)
        return {**record, "activity": {**record["activity"], name: record["activity"][name] + "0"}}


@breaks("IND-001", "record-keeps-its-schema")
class WritesNumbers(Rewriting):
    """量值写成 JSON 数字 / Writes quantities as JSON numbers."""

    def told(self, record: Record) -> Record:
        return record | {"reduction_kg": int(Decimal(record["reduction_kg"]))}


@breaks("IND-001", "record-keeps-its-schema")
class AddsAMemberOfItsOwn(Rewriting):
    """记录中自加成员 / Adds a member of its own to every record."""

    def told(self, record: Record) -> Record:
        return record | {"remark": "reported by our own system"}


@breaks("IND-002", "quantities-are-in-the-units-laid-down", scene="first_report")
class TellsWattHours(Rewriting):
    """以 Wh 而不是 kWh 报送 / Tells watt-hours where kilowatt-hours are laid down."""

    def told(self, record: Record) -> Record:
        told = record["activity"]
        names = [name for name in ("generation_kwh", "energy_kwh") if name in told]
        return with_activity(record, **{name: _times(told[name], THOUSAND) for name in names})


@breaks("IND-002", "quantities-are-in-the-units-laid-down", scene="first_report")
class TellsMetres(Rewriting):
    """以米而不是千米报送 / Tells metres where kilometres are laid down."""

    def told(self, record: Record) -> Record:
        if record["scheme"] != "BIKE":
            return record
        return with_activity(record, distance_km=_times(record["activity"]["distance_km"], THOUSAND))


@breaks("IND-003", "instants-are-those-of-the-business-system", scene="first_report")
class LosesTheOffset(Rewriting):
    """时刻不带时区偏移 / Writes times without their offset."""

    def told(self, record: Record) -> Record:
        return record | {
            name: record[name].removesuffix("+08:00") for name in ("activity_start", "activity_end")
        }


@breaks("IND-003", "instants-are-those-of-the-business-system", scene="first_report")
class CallsLocalTimeUtc(Rewriting):
    """把本地时刻写成 UTC / Writes local times as if they were UTC."""

    def told(self, record: Record) -> Record:
        names = ("activity_start", "activity_end")
        return record | {name: record[name].replace("+08:00", "Z") for name in names}


@breaks("IND-003", "instants-are-those-of-the-business-system", scene="truth")
class CutsFractionsOfSeconds(Rewriting):
    """丢弃秒的小数 / Cuts off fractions of a second."""

    def told(self, record: Record) -> Record:
        names = ("activity_start", "activity_end")
        whole = {name: parse_instant(record[name]).replace(microsecond=0) for name in names}
        return record | {name: instant_text(at) for name, at in whole.items()}


@breaks("IND-004", "belongs-to-the-shanghai-day-of-its-start", scene="truth")
class CountsDaysInUtc(Rewriting):
    """按 UTC 取业务日 / Takes the business day in UTC."""

    def told(self, record: Record) -> Record:
        start = parse_instant(record["activity_start"])
        return record | {"business_day": start.astimezone(UTC).date().isoformat()}


@breaks("IND-004", "belongs-to-the-shanghai-day-of-its-start", scene="truth")
class CountsByTheEnd(Rewriting):
    """按结束时刻归日 / Attributes an activity to the day in which it ended."""

    def told(self, record: Record) -> Record:
        end = parse_instant(record["activity_end"]) - timedelta(microseconds=1)
        return record | {"business_day": business_day(end).isoformat()}


@breaks("IND-005", "quantities-agree-with-the-raw-data", scene="first_report")
class RoundsItsDistances(Witnessed, BikeRecipe):
    """里程先四舍五入到 10 米 / Rounds distances to ten metres first."""

    def distance_km(self, activity: Mapping[str, Any]) -> Decimal:
        self.fired()
        return round(super().distance_km(activity), 2)


@breaks("IND-005", "quantities-agree-with-the-raw-data", scene="first_report")
class CountsBegunMinutes(Rewriting):
    """骑行时长按分钟进位 / Counts begun minutes as whole ones."""

    def told(self, record: Record) -> Record:
        if record["scheme"] != "BIKE":
            return record
        minutes = -(-record["activity"]["duration_s"] // 60)
        return with_activity(record, duration_s=minutes * 60)


@breaks("DEV-001", "names-device-and-state", scene="device_faults")
class CallsEveryDeviceNormal(Rewriting):
    """设备状态一律写 N / Calls every device normal."""

    def told(self, record: Record) -> Record:
        normal = record | {"device_state": NORMAL}
        return normal | accounts_text(account(normal)) if normal != record else record


@breaks("DEV-001", "names-device-and-state", scene="first_report")
class NamesOneDeviceForAll(Witnessed, BikeRecipe):
    """所有记录写同一设备号 / Names one device in all its records."""

    def record(self, activity: Mapping[str, Any], part: Part, record_id: str) -> dict[str, Any]:
        self.fired()
        return super().record(activity, part, record_id) | {"device_id": "dev-the-whole-fleet"}


@breaks("DEV-002", "claims-nothing-from-a-faulty-device", scene="device_faults")
class ClaimsFromFaultyDevices(Rewriting):
    """设备异常时仍申报减排量 / Claims a reduction though the device was not normal."""

    def told(self, record: Record) -> Record:
        return record | accounts_text(account(record | {"device_state": NORMAL}))


def _times(text: str, factor: int) -> str:
    return decimal_text(Decimal(text) * factor, 3)
