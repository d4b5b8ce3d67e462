"""Invents a plant's readings: a noisy day curve with negative nights, whose sum tells rounding from cutting."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tanpuhui.conformance.truth.pv import NORMAL, PV, Reading, day_sum
from tanpuhui.spec.business_time import SHANGHAI
from tanpuhui.spec.methodology import effective
from tanpuhui.spec.pv_day import day_rules

if TYPE_CHECKING:
    from random import Random

Bend = Callable[[list[Reading]], list[Reading]]
"""What befalls a day's readings on their way into the logger."""

_SUNRISE, _SUNSET = 5.5, 18.5
_TRIES = 200


def day_readings(
    rng: Random, day: date, interval_seconds: int, peak_w: int, bend: Bend = list
) -> tuple[Reading, ...]:
    """A whole Shanghai day; where its state is N, its sum tells cutting from rounding up."""
    for _ in range(_TRIES):
        readings = bend(_curve(rng, day, interval_seconds, peak_w))
        if _tells_rounding(readings, day, interval_seconds):
            break
    return tuple(readings)


def exacting_day(rng: Random, day: date, interval_seconds: int, peak_w: int) -> tuple[Reading, ...]:
    """The same, and its reduction tells exact decimals from binary floats."""
    readings = list(day_readings(rng, day, interval_seconds, peak_w))
    generation = Fraction(day_sum(readings, day, interval_seconds, day_rules()).generation_kwh)
    more = (step for step in range(_TRIES * 10) if _tells_floats(generation + Fraction(step, 1000), day))
    noon = len(readings) // 2
    # so many watts more at noon are a watt-hour more each
    power = Decimal(readings[noon].power_w or 0) + next(more, 0) * (3600 // interval_seconds)
    readings[noon] = replace(readings[noon], power_w=str(power))
    return tuple(readings)


def _curve(rng: Random, day: date, interval_seconds: int, peak_w: int) -> list[Reading]:
    midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    readings, last = [], 0
    for slot in range(86_400 // interval_seconds):
        hour = slot * interval_seconds / 3600
        tenths = _tenths(rng, hour, peak_w)
        last = tenths + 1 if tenths == last else tenths
        start = midnight + timedelta(seconds=slot * interval_seconds)
        readings.append(Reading(start, _decimal(last)))
    return readings


def _tenths(rng: Random, hour: float, peak_w: int) -> int:
    """Tenths of a watt: the inverter's own small consumption by night, sun and clouds by day."""
    if not _SUNRISE < hour < _SUNSET:
        return -rng.randrange(5, 60)
    height = math.sin(math.pi * (hour - _SUNRISE) / (_SUNSET - _SUNRISE))
    return int(peak_w * 10 * height * rng.uniform(0.55, 0.95)) + 1


def _tells_rounding(readings: list[Reading], day: date, interval_seconds: int) -> bool:
    finer = replace(day_rules(), generation_places=9)
    summed = day_sum(readings, day, interval_seconds, finer)
    rest = Fraction(summed.generation_kwh) % Fraction(1, 1000)
    return summed.device_state != NORMAL or rest >= Fraction(1, 2000)


def _tells_floats(generation_kwh: Fraction, day: date) -> bool:
    """The factor in force, multiplied as a float and cut to six places, gives another figure than it must."""
    _, parameters = effective(PV, datetime(day.year, day.month, day.day, tzinfo=SHANGHAI))
    by_float = float(f"{float(generation_kwh):.3f}")
    return any(
        math.floor(by_float * float(factor) * 1e6) != int(generation_kwh * Fraction(factor) * 1_000_000)
        for factor in parameters.values.values()
    )


def _decimal(tenths: int) -> str:
    sign = "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}"


def without(slots: range) -> Bend:
    """These readings never arrived."""
    return lambda readings: [it for slot, it in enumerate(readings) if slot not in slots]


def flagged(slots: range, state: str) -> Bend:
    """The device marked these readings itself."""
    return lambda readings: [
        replace(it, state=state) if slot in slots else it for slot, it in enumerate(readings)
    ]


def powerless(slots: range) -> Bend:
    """The logger has these readings without a power."""
    return lambda readings: [
        replace(it, power_w=None) if slot in slots else it for slot, it in enumerate(readings)
    ]


def idle(slots: range) -> Bend:
    """The plant neither feeds nor draws."""
    return lambda readings: [
        replace(it, power_w="0.0") if slot in slots else it for slot, it in enumerate(readings)
    ]


def stuck(slots: range) -> Bend:
    """The meter repeats the first of these readings."""

    def bend(readings: list[Reading]) -> list[Reading]:
        shown = readings[slots.start].power_w
        return [replace(it, power_w=shown) if slot in slots else it for slot, it in enumerate(readings)]

    return bend


def repeated(slot: int) -> Bend:
    """One reading came twice, the second time with another power."""

    def bend(readings: list[Reading]) -> list[Reading]:
        again = replace(readings[slot], power_w="9876.5")
        return [*readings[: slot + 1], again, *readings[slot + 1 :]]

    return bend


def bent(*bends: Bend) -> Bend:
    """Several mishaps on one day, one after another."""

    def bend(readings: list[Reading]) -> list[Reading]:
        for one in bends:
            readings = one(readings)
        return readings

    return bend
