"""How register readings of a household's meter become one calendar month (annex A, A.4, IND-006)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from tanpuhui.spec.business_time import month_span
from tanpuhui.spec.element import device_states, indicator_file
from tanpuhui.spec.law import law_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

NORMAL = "N"
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


class InvalidReading(ValueError):
    """示数不合规定 / A reading or a month that the month rules cannot use."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}（IND-006） / {en} (IND-006)")


@dataclass(frozen=True, slots=True)
class Reading:
    """The two cumulative registers of the meter at one instant, in watt-hours."""

    at: datetime
    peak_wh: int
    valley_wh: int
    state: str

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise InvalidReading("示数时刻应带时区偏移", "a reading's instant needs an offset")
        if self.state not in device_states():
            raise InvalidReading("设备状态标记不在取值表中", "the device state is not in the list of codes")
        if min(self.peak_wh, self.valley_wh) < 0:
            raise InvalidReading("累计示数不应为负", "a register shall not be negative")


@dataclass(frozen=True, slots=True)
class HomeMonth:
    """What a month record says of its readings."""

    peak_kwh: Decimal
    valley_kwh: Decimal
    total_kwh: Decimal
    device_state: str


@dataclass(frozen=True, slots=True)
class MonthRules:
    """The parameters of the month rules, as annex A has them."""

    fallen_flag: str
    missing_flag: str
    flag_order: tuple[str, ...]


@cache
def month_rules() -> MonthRules:
    """The parameters from the law."""
    data = law_yaml(indicator_file("HOME"))["month"]
    return MonthRules(
        fallen_flag=data["fallen_flag"],
        missing_flag=data["missing_flag"],
        flag_order=tuple(data["flag_order"]),
    )


def parse_month(text: str) -> date:
    """The first day of a month that is written as 2026-09."""
    if not isinstance(text, str) or _MONTH.fullmatch(text) is None:
        raise InvalidReading("月份应写成 2026-09", "a month is written as 2026-09")
    return date.fromisoformat(f"{text}-01")


def summarise_month(readings: Iterable[Reading], month: date) -> HomeMonth:
    """The energy between a month's first and last reading; readings outside the month are left aside."""
    of_month = _of_month(readings, month)
    first, last = (of_month[0], of_month[-1]) if of_month else (None, None)
    peak = max(last.peak_wh - first.peak_wh, 0) if first and last else 0
    valley = max(last.valley_wh - first.valley_wh, 0) if first and last else 0
    found = set(_flags(of_month, month))
    return HomeMonth(
        peak_kwh=Decimal(peak).scaleb(-3),
        valley_kwh=Decimal(valley).scaleb(-3),
        total_kwh=Decimal(peak + valley).scaleb(-3),
        device_state=next((flag for flag in month_rules().flag_order if flag in found), NORMAL),
    )


def _of_month(readings: Iterable[Reading], month: date) -> Sequence[Reading]:
    """In order of time, both ends of the month included; of two at one instant the first counts."""
    start, end = month_span(month)
    by_instant: dict[datetime, Reading] = {}
    for reading in readings:
        if start <= reading.at <= end:
            by_instant.setdefault(reading.at, reading)
    return [by_instant[at] for at in sorted(by_instant)]


def _flags(readings: Sequence[Reading], month: date) -> Iterator[str]:
    yield from (reading.state for reading in readings)
    if any(_falls(earlier, later) for earlier, later in pairwise(readings)):
        yield month_rules().fallen_flag
    if not readings or (readings[0].at, readings[-1].at) != month_span(month):
        yield month_rules().missing_flag


def _falls(earlier: Reading, later: Reading) -> bool:
    return later.peak_wh < earlier.peak_wh or later.valley_wh < earlier.valley_wh
