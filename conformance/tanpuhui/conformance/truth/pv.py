"""Power readings of a plant, and the judge's own sum of a day: exact fractions, written apart from the law's code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.truth.bike import utc_text
from tanpuhui.conformance.truth.expected import World
from tanpuhui.conformance.truth.links import InventedLink, listed
from tanpuhui.conformance.truth.record import Facts, Horizon, expected_of
from tanpuhui.spec.pv_day import DayRules, day_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    device_id: str
    capacity_kw: str
    grid_connected_on: date
    interval_seconds: int
    readings: tuple[Reading, ...]
    days: tuple[tuple[date, Text], ...] = ()

    def held(self) -> dict[str, Any]:
        """As the business system holds it."""
        return {
            "activity_id": self.activity_id,
            "scheme": PV,
            "link_id": self.link.link_id,
            "device_id": self.device_id,
            "capacity_kw": self.capacity_kw,
            "grid_connected_on": self.grid_connected_on.isoformat(),
            "interval_seconds": self.interval_seconds,
            "readings": [
                {"start": utc_text(it.start), "power_w": it.power_w, "state": it.state}
                for it in self.readings
            ],
        }


@dataclass(frozen=True, slots=True)
class DaySum:
    """What the readings of one day come to."""

    generation_kwh: str
    valid_intervals: int
    expected_intervals: int
    device_state: str


def plants_world(plants: Iterable[Plant], horizon: Horizon) -> World:
    """The plants with their links and what must be reported of each of their days."""
    every = tuple(plants)
    expected = tuple(
        expected_of(_facts(plant, day), horizon) for plant in every for day in shanghai_days(plant.readings)
    )
    return World(listed(plant.link for plant in every), tuple(plant.held() for plant in every), expected)


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


def _facts(plant: Plant, day: date) -> Facts:
    summed = day_sum(plant.readings, day, plant.interval_seconds, day_rules())
    start = datetime(day.year, day.month, day.day, tzinfo=_EAST_EIGHT)
    quantities = {
        "capacity_kw": plant.capacity_kw,
        "grid_connected_on": plant.grid_connected_on.isoformat(),
        "generation_kwh": summed.generation_kwh,
        "valid_intervals": summed.valid_intervals,
        "expected_intervals": summed.expected_intervals,
    }
    label = dict(plant.days).get(day, plant.label)
    end = start + timedelta(days=1)
    return Facts(
        plant.activity_id, label, PV, plant.link, plant.device_id, summed.device_state, start, end, quantities
    )
