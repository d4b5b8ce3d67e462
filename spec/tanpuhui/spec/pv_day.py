"""How interval readings of a photovoltaic plant become one business day (annex A, IND-006)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Context, Decimal, localcontext
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from tanpuhui.spec.business_time import business_day, day_span
from tanpuhui.spec.element import device_states, indicator_file
from tanpuhui.spec.law import law_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "DayRules",
    "InvalidReading",
    "PvDay",
    "Reading",
    "day_rules",
    "day_span",
    "days_of",
    "summarise_day",
]

NORMAL = "N"
_DAY_SECONDS = 86_400
_WATT_SECONDS_PER_KWH = 3_600_000
_EXACT = Context(prec=100)


class InvalidReading(ValueError):
    """读数不合规定 / A reading or an interval that the day rules cannot use."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}（IND-006） / {en} (IND-006)")


@dataclass(frozen=True, slots=True)
class Reading:
    """Mean power over one interval from `start`, with the state of the device."""

    start: datetime
    power_w: Decimal | None
    state: str

    def __post_init__(self) -> None:
        if self.start.utcoffset() is None:
            raise InvalidReading("读数时刻应带时区偏移", "a reading's start needs an offset")
        if self.state not in device_states():
            raise InvalidReading("设备状态标记不在取值表中", "the device state is not in the list of codes")
        if self.power_w is not None and not self.power_w.is_finite():
            raise InvalidReading("功率应为有限数", "a power shall be a finite number")


@dataclass(frozen=True, slots=True)
class PvDay:
    """What a day record says of its readings."""

    generation_kwh: Decimal
    valid_intervals: int
    expected_intervals: int
    device_state: str


@dataclass(frozen=True, slots=True)
class DayRules:
    """The parameters of the day rules, as annex A has them."""

    valid_share: Decimal
    stale_run: int
    stale_flag: str
    missing_flag: str
    flag_order: tuple[str, ...]
    generation_places: int


@cache
def day_rules() -> DayRules:
    """The parameters from the law."""
    data = law_yaml(indicator_file("PV"))["day"]
    return DayRules(
        valid_share=Decimal(data["valid_share"]),
        stale_run=data["stale_run"],
        stale_flag=data["stale_flag"],
        missing_flag=data["missing_flag"],
        flag_order=tuple(data["flag_order"]),
        generation_places=data["generation_places"],
    )


def days_of(readings: Iterable[Reading]) -> tuple[date, ...]:
    """The business days that have a reading, in order."""
    return tuple(sorted({business_day(reading.start) for reading in readings}))


def summarise_day(readings: Iterable[Reading], day: date, interval_seconds: int) -> PvDay:
    """The sum of one business day; other days are left aside, and the first reading of an interval counts."""
    if interval_seconds < 1 or _DAY_SECONDS % interval_seconds:
        raise InvalidReading("读数间隔应整除一日", "the interval shall divide a day")
    expected = _DAY_SECONDS // interval_seconds
    slots = _slots(readings, day, timedelta(seconds=interval_seconds))
    stale = _stale_slots(slots)
    flags = {slot: _flag(slots.get(slot), is_stale=slot in stale) for slot in range(expected)}
    valid = [reading.power_w for slot, reading in slots.items() if flags[slot] == NORMAL]
    return PvDay(
        generation_kwh=_energy([power for power in valid if power is not None], interval_seconds),
        valid_intervals=len(valid),
        expected_intervals=expected,
        device_state=_day_state(list(flags.values())),
    )


def _slots(readings: Iterable[Reading], day: date, interval: timedelta) -> dict[int, Reading]:
    start, end = day_span(day)
    slots: dict[int, Reading] = {}
    for reading in readings:
        if start <= reading.start < end:
            slots.setdefault((reading.start - start) // interval, reading)
    return slots


def _stale_slots(slots: Mapping[int, Reading]) -> frozenset[int]:
    live = sorted(
        (slot, reading.power_w)
        for slot, reading in slots.items()
        if reading.state == NORMAL and reading.power_w is not None and reading.power_w > 0
    )
    # Neighbours of one run share their power and the distance between their slot and their rank.
    runs = groupby(enumerate(live), key=lambda item: (item[1][0] - item[0], item[1][1]))
    members = [[slot for _, (slot, _) in run] for _, run in runs]
    return frozenset(slot for run in members if len(run) >= day_rules().stale_run for slot in run)


def _flag(reading: Reading | None, *, is_stale: bool) -> str:
    if reading is None:
        return day_rules().missing_flag
    if reading.state != NORMAL:
        return reading.state
    if reading.power_w is None:
        return day_rules().missing_flag
    return day_rules().stale_flag if is_stale else NORMAL


def _energy(powers: Sequence[Decimal], interval_seconds: int) -> Decimal:
    places = day_rules().generation_places
    with localcontext(_EXACT):
        watt_seconds = sum((max(power, Decimal(0)) for power in powers), Decimal(0)) * interval_seconds
        return (watt_seconds.scaleb(places) // _WATT_SECONDS_PER_KWH).scaleb(-places)


def _day_state(flags: Sequence[str]) -> str:
    rules, counted = day_rules(), Counter(flags)
    if counted[NORMAL] >= rules.valid_share * len(flags):
        return NORMAL
    return max(rules.flag_order, key=lambda flag: (counted[flag], -rules.flag_order.index(flag)))
