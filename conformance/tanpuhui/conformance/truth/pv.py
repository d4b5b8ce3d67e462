"""Power readings of a plant, and the judge's own sum of a day: exact fractions, written apart from the law's code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.truth.devices import InventedDevice, utc_text
from tanpuhui.conformance.truth.record import DISTRICT, Facts
from tanpuhui.spec.pv_day import DayRules, day_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tanpuhui.conformance.truth.links import InventedLink
    from tanpuhui.conformance.verdict import Text

PV = "PV"
NORMAL = "N"
_DAY_SECONDS = 86_400
_WATT_SECONDS_PER_KWH = 3_600_000
_EAST_EIGHT = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Reading:
    """Mean power from `start`, as decimal text in watts, None where the logger has none."""

    start: datetime
    power_w: str | None
    state: str = NORMAL


@dataclass(frozen=True, slots=True)
class Plant:
    """One plant with its readings; `days` labels the business days that they belong to."""

    activity_id: str
    label: Text
    link: InventedLink
    device: InventedDevice
    capacity_kw: str
    grid_connected_on: date
    interval_seconds: int
    readings: tuple[Reading, ...]
    days: tuple[tuple[date, Text], ...] = ()
    district_code: str = DISTRICT

    def held(self) -> dict[str, Any]:
        """As the business system holds it."""
        return {
            "activity_id": self.activity_id,
            "scheme": PV,
            "link_id": self.link.link_id,
            "district_code": self.district_code,
            "device_id": self.device.device_id,
            "capacity_kw": self.capacity_kw,
            "grid_connected_on": self.grid_connected_on.isoformat(),
            "interval_seconds": self.interval_seconds,
            "readings": [
                {"start": utc_text(it.start), "power_w": it.power_w, "state": it.state}
                for it in self.readings
            ],
        }

    def facts(self) -> tuple[Facts, ...]:
        """One record for each day with a reading."""
        return tuple(self._day(day) for day in shanghai_days(self.readings))

    def _day(self, day: date) -> Facts:
        summed = day_sum(self.readings, day, self.interval_seconds, day_rules())
        start = datetime(day.year, day.month, day.day, tzinfo=_EAST_EIGHT)
        quantities = {
            "capacity_kw": self.capacity_kw,
            "grid_connected_on": self.grid_connected_on.isoformat(),
            "generation_kwh": summed.generation_kwh,
            "valid_intervals": summed.valid_intervals,
            "expected_intervals": summed.expected_intervals,
        }
        return Facts(
            self.activity_id,
            dict(self.days).get(day, self.label),
            PV,
            self.link,
            self.device,
            summed.device_state,
            start,
            start + timedelta(days=1),
            quantities,
            self.district_code,
        )


@dataclass(frozen=True, slots=True)
class DaySum:
    """What the readings of one day come to."""

    generation_kwh: str
    valid_intervals: int
    expected_intervals: int
    device_state: str


def shanghai_days(readings: Iterable[Reading]) -> list[date]:
    """The days, eight hours east, in which a reading starts."""
    return sorted({reading.start.astimezone(_EAST_EIGHT).date() for reading in readings})


def day_sum(readings: Sequence[Reading], day: date, interval_seconds: int, rules: DayRules) -> DaySum:
    """One business day by annex A.2, reading by reading."""
    expected = _DAY_SECONDS // interval_seconds
    by_slot: dict[int, Reading] = {}
    midnight = datetime(day.year, day.month, day.day, tzinfo=_EAST_EIGHT)
    for reading in readings:
        seconds = (reading.start.astimezone(UTC) - midnight).total_seconds()
        if 0 <= seconds < _DAY_SECONDS:
            by_slot.setdefault(int(seconds // interval_seconds), reading)
    flags = _flags(by_slot, expected, rules)
    valid = [Fraction(by_slot[slot].power_w or 0) for slot, flag in enumerate(flags) if flag == NORMAL]
    watts = sum((max(power, Fraction(0)) for power in valid), Fraction(0))
    energy = watts * interval_seconds / _WATT_SECONDS_PER_KWH
    return DaySum(_cut(energy, rules.generation_places), len(valid), expected, _state(flags, rules))


def _flags(by_slot: dict[int, Reading], expected: int, rules: DayRules) -> list[str]:
    flags, run = [rules.missing_flag] * expected, 0
    for slot in range(expected):
        reading = by_slot.get(slot)
        if reading is None:
            run = 0
            continue
        if reading.state != NORMAL or reading.power_w is None:
            flags[slot], run = (reading.state if reading.state != NORMAL else rules.missing_flag), 0
            continue
        run = (
            run + 1 if run and _same_power(by_slot[slot - 1], reading) else int(Fraction(reading.power_w) > 0)
        )
        flags[slot] = NORMAL
        if run >= rules.stale_run:
            flags[slot - run + 1 : slot + 1] = [rules.stale_flag] * run
    return flags


def _same_power(one: Reading, other: Reading) -> bool:
    return Fraction(one.power_w or 0) == Fraction(other.power_w or 0)


def _state(flags: list[str], rules: DayRules) -> str:
    counted = Counter(flags)
    if Fraction(counted[NORMAL], len(flags)) >= Fraction(rules.valid_share):
        return NORMAL
    return min(rules.flag_order, key=lambda flag: (-counted[flag], rules.flag_order.index(flag)))


def _cut(value: Fraction, places: int) -> str:
    whole, rest = divmod(value.numerator * 10**places // value.denominator, 10**places)
    return f"{whole}.{rest:0{places}d}"
