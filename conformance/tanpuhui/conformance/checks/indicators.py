"""第 5 章 数据交互指标：记录与真实活动逐项比对 / Clause 5, indicators: each record held to the truth, item by item."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.check import EVERY, check
from tanpuhui.conformance.checks.saying import saw
from tanpuhui.spec.business_time import InvalidInstant, parse_instant
from tanpuhui.spec.violation import violations

if TYPE_CHECKING:
    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.recording.reported import Reported
    from tanpuhui.conformance.truth.expected import Expected
    from tanpuhui.conformance.verdict import Observation

TOLD = ("first_report", "truth", "two_months", "measured")
"""Where what records say is held to the truth, item by item."""

SUMMED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "PV": ("generation_kwh", "valid_intervals", "expected_intervals"),
        "EV": ("odometer_start_km", "odometer_end_km", "distance_km", "energy_kwh", "trips"),
        "HOME": ("peak_kwh", "valley_kwh", "total_kwh"),
    }
)
"""What annex A sums from readings or trips, by scheme."""

SLIPS = frozenset(
    {Decimal(10) ** power for power in (-6, -3, -2, -1, 1, 2, 3, 6)}
    | {Decimal("3.6"), Decimal("0.2777777778")}
)
"""Ratios that betray another unit: a power of ten, or joules for watt-hours."""

LAST_PLACE = Decimal("0.001")
"""What a slip loses when its result is cut to the places of its element."""


def matched(evidence: Evidence) -> Iterator[tuple[Reported, Expected]]:
    """Records that stand for an invented activity that is due."""
    for reported in evidence.reported:
        if reported.expected is not None and reported.expected.due:
            yield reported, reported.expected


@check("IND-001", "record-keeps-its-schema", scenes=EVERY)
def record_keeps_its_schema(evidence: Evidence) -> Iterator[Observation]:
    """记录符合指标结构 / A record keeps the schema of its indicators."""
    for sent in evidence.sent:
        found = violations(sent.record)
        yield saw(
            "符合其场景类型的指标结构 / keeps the indicator schema of its scheme",
            f"{found[0].pointer or '/'}：{found[0].zh} / {found[0].pointer or '/'}: {found[0].en}"
            if found
            else "符合 / it does",
            ok=not found,
            at=sent.seq,
        )


@check("IND-002", "quantities-are-in-the-units-laid-down", scenes=TOLD)
def quantities_are_in_the_units_laid_down(evidence: Evidence) -> Iterator[Observation]:
    """量值采用规定的单位 / Quantities are in the units laid down."""
    for reported, expected in matched(evidence):
        for name, mine, theirs in _quantities(reported.sent.record, expected):
            slip = mine not in {theirs, 0} and any(abs(mine - theirs * ratio) < LAST_PLACE for ratio in SLIPS)
            yield saw(
                f"{name} 的量级与规定单位一致 / {name} has the magnitude of its unit",
                "量级不对 / it has another" if slip else "一致 / it has",
                ok=not slip,
                at=reported.sent.seq,
            )


def _quantities(record: Mapping[str, Any], expected: Expected) -> Iterator[tuple[str, Decimal, Decimal]]:
    activity = record.get("activity")
    for name, theirs in expected.record["activity"].items():
        mine = activity.get(name) if isinstance(activity, Mapping) else None
        pair = _decimal(mine), _decimal(theirs)
        if pair[0] is not None and pair[1] is not None:
            yield name, pair[0], pair[1]


def _decimal(value: object) -> Decimal | None:
    if not isinstance(value, str | int | Decimal) or isinstance(value, bool):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


@check("IND-003", "instants-are-those-of-the-business-system", scenes=TOLD)
def instants_are_those_of_the_business_system(evidence: Evidence) -> Iterator[Observation]:
    """时刻与业务系统是同一瞬间 / Times are the same instants as in the business system."""
    for reported, expected in matched(evidence):
        for name in ("activity_start", "activity_end"):
            same = _instant(reported.sent.record.get(name)) == _instant(expected.record[name])
            yield saw(
                f"{name} 为 {expected.record[name]} / {name} is that instant",
                "一致 / it is" if same else "不是同一瞬间，或没有时区偏移 / another instant, or no offset",
                ok=same,
                at=reported.sent.seq,
            )


def _instant(text: object) -> object:
    try:
        return parse_instant(text) if isinstance(text, str) else None
    except InvalidInstant:
        return None


@check("IND-004", "belongs-to-the-shanghai-day-of-its-start", scenes=TOLD)
def belongs_to_the_shanghai_day_of_its_start(evidence: Evidence) -> Iterator[Observation]:
    """归属开始时刻所在的上海业务日 / Belongs to the Shanghai day in which it started."""
    for reported, expected in matched(evidence):
        yield _equal("business_day", reported, expected, lambda record: record.get("business_day"))


@check("IND-005", "quantities-agree-with-the-raw-data", scenes=TOLD)
def quantities_agree_with_the_raw_data(evidence: Evidence) -> Iterator[Observation]:
    """量值与原始数据一致 / Quantities agree with the raw data."""
    for reported, expected in matched(evidence):
        for name in expected.record["activity"]:
            yield _equal(name, reported, expected, partial(_member, name))


@check("IND-006", "treats-faulty-readings-as-laid-down", scenes=TOLD, needs=("PV",))
def treats_faulty_readings_as_laid_down(evidence: Evidence) -> Iterator[Observation]:
    """负值、缺失和停滞读数按附录 A 处理 / Negative, missing and stale readings are treated as annex A says."""
    yield from _sums(evidence, "PV")


@check("IND-006", "sums-the-trips-of-a-day", scenes=TOLD, needs=("EV",))
def sums_the_trips_of_a_day(evidence: Evidence) -> Iterator[Observation]:
    """一日的行程按附录 A 汇总 / The trips of a day are summed as annex A says."""
    yield from _sums(evidence, "EV")


@check("IND-006", "sums-the-registers-of-a-month", scenes=TOLD, needs=("HOME",))
def sums_the_registers_of_a_month(evidence: Evidence) -> Iterator[Observation]:
    """一月的电能表示数按附录 A 汇总 / The registers of a month are summed as annex A says."""
    yield from _sums(evidence, "HOME")


def _sums(evidence: Evidence, scheme: str) -> Iterator[Observation]:
    for reported, expected in matched(evidence):
        if expected.record["scheme"] == scheme:
            for name in SUMMED[scheme]:
                yield _equal(name, reported, expected, partial(_member, name))


@check("IND-007", "names-the-district-of-the-activity", scenes=TOLD)
def names_the_district_of_the_activity(evidence: Evidence) -> Iterator[Observation]:
    """载明活动开始或设备安装所在的区县 / Names the district where the activity started or the device stands."""
    for reported, expected in matched(evidence):
        yield _equal("district_code", reported, expected, lambda record: record.get("district_code"))


def _member(name: str, record: Mapping[str, Any]) -> object:
    activity = record.get("activity")
    return activity.get(name) if isinstance(activity, Mapping) else None


def _equal(
    name: str, reported: Reported, expected: Expected, read: Callable[[Mapping[str, Any]], object]
) -> Observation:
    mine, theirs = read(reported.sent.record), read(expected.record)
    same = mine == theirs or (_decimal(mine) is not None and _decimal(mine) == _decimal(theirs))
    return saw(
        f"{expected.label.zh}：{name} = {theirs} / {expected.label.en}: {name} = {theirs}",
        f"{name} = {mine}" if isinstance(mine, str | int) else f"{name} 缺失或类型不对 / missing or mistyped",
        ok=same,
        at=reported.sent.seq,
    )
