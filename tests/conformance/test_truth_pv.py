"""The judge's own sum of a day against the law's: two programs, one result."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanpuhui.conformance.chance import chance
from tanpuhui.conformance.truth.plant import (
    bent,
    day_readings,
    exacting_day,
    flagged,
    powerless,
    repeated,
    stuck,
    without,
)
from tanpuhui.conformance.truth.pv import Reading, day_sum
from tanpuhui.conformance.truth.pv_cases import edge_plants
from tanpuhui.conformance.truth.record import Horizon, expected_verdict
from tanpuhui.conformance.truth.world import world_of
from tanpuhui.spec import pv_day
from tanpuhui.spec.business_time import SHANGHAI

if TYPE_CHECKING:
    from random import Random

    from tanpuhui.conformance.truth.expected import World

DAY = date(2026, 3, 1)
MIDNIGHT = datetime(2026, 3, 1, tzinfo=SHANGHAI)
HORIZON = Horizon(datetime(2026, 7, 14, 10, 30, tzinfo=SHANGHAI), 25)


def _by_law(readings: list[Reading], interval: int) -> tuple[str, int, int, str]:
    given_ = [
        pv_day.Reading(it.start, Decimal(it.power_w) if it.power_w else None, it.state) for it in readings
    ]
    found = pv_day.summarise_day(given_, DAY, interval)
    return str(found.generation_kwh), found.valid_intervals, found.expected_intervals, found.device_state


def _by_judge(readings: list[Reading], interval: int) -> tuple[str, int, int, str]:
    found = day_sum(readings, DAY, interval, pv_day.day_rules())
    return found.generation_kwh, found.valid_intervals, found.expected_intervals, found.device_state


def _readings(interval: int) -> st.SearchStrategy[list[Reading]]:
    power = st.one_of(st.none(), st.sampled_from(["0.0", "-3.5", "100.0", "100.00", "250.125"]))
    state = st.sampled_from("NNNNNNFMSDCTB")
    reading = st.builds(
        lambda slot, power, state: Reading(MIDNIGHT + slot * timedelta(seconds=interval), power, state),
        st.integers(-30, 86_400 // interval + 30),
        power,
        state,
    )
    return st.lists(reading, max_size=160)


@settings(max_examples=150, deadline=None)
@given(_readings(3600))
def test_hours_in_any_order_come_to_what_the_law_says(readings: list[Reading]) -> None:
    assert _by_judge(readings, 3600) == _by_law(readings, 3600)


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False), st.lists(st.sampled_from(range(6)), max_size=4))
def test_days_with_mishaps_come_to_what_the_law_says(rng: Random, chosen: list[int]) -> None:
    first = rng.randrange(90)
    slots = range(first, min(96, first + rng.randrange(1, 16)))
    mishaps = [
        without(slots),
        flagged(slots, "F"),
        powerless(slots),
        stuck(slots),
        repeated(slots.start),
        flagged(slots, "T"),
    ]
    readings = _without_errors(bent(*(mishaps[index] for index in chosen)), rng)
    assert _by_judge(readings, 900) == _by_law(readings, 900)


def _without_errors(bend: object, rng: Random) -> list[Reading]:
    plain = list(day_readings(rng, DAY, 900, 5000))
    try:
        return bend(plain)  # type: ignore[operator]
    except IndexError:  # an earlier mishap took the slots that a later one needs
        return plain


def test_six_equal_readings_are_stale_and_five_are_not() -> None:
    quiet = [Reading(MIDNIGHT + slot * timedelta(minutes=15), f"{slot + 1}.0") for slot in range(96)]
    for run, valid in ((5, 96), (6, 90), (7, 89)):
        readings = stuck(range(40, 40 + run))(quiet)
        assert _by_judge(readings, 900) == _by_law(readings, 900)
        assert _by_judge(readings, 900)[1] == valid


def test_an_exacting_day_tells_floats_from_decimals_and_cutting_from_rounding() -> None:
    for seed in range(5):
        readings = list(exacting_day(chance(seed, "tests"), DAY, 900, 4800))
        generation, valid, _, _ = _by_judge(readings, 900)
        exact = int(Decimal(generation) * Decimal("0.42") * 10**6)
        assert exact != int(float(generation) * 0.42 * 10**6)
        energy = sum(max(Decimal(it.power_w or 0), Decimal(0)) for it in readings) / 4000
        assert round(energy, 3) > Decimal(generation)
        assert valid == 96


@pytest.fixture(scope="module")
def world() -> World:
    return world_of(edge_plants(chance(5, "tests"), HORIZON, date(2026, 7, 1)), HORIZON)


@pytest.mark.parametrize(
    ("label", "fates"),
    [
        ("just beyond the late window", ["late"]),
        ("the last day of the late window", ["due"]),
        ("the end of a month", ["due"]),
        ("today, not ended yet", ["not-ended"]),
        ("the link is suspended", ["link", "link"]),
        ("the link begins at noon of the first day", ["link", "due"]),
        ("the link is revoked at noon of the first day", ["due", "link"]),
        ("a link that the platform does not list", ["link", "link"]),
        ("exactly 1 MW", ["due"]),
        ("above 1 MW", ["exclusion"]),
        ("25 years old yesterday", ["due", "exclusion"]),
        ("connected yesterday", ["rule", "due"]),
    ],
)
def test_the_edges_have_the_fates_that_they_were_made_for(world: World, label: str, fates: list[str]) -> None:
    assert [expected.fate for expected in world.expected if expected.label.en == label] == fates


def test_the_mishaps_have_the_states_that_they_were_made_for(world: World) -> None:
    states = {expected.label.en: expected.record["device_state"] for expected in world.expected}
    assert states["nine readings missing, still N"] == "N"
    assert states["ten readings missing, no longer N"] == "B"
    assert states["too many stale readings, state D"] == "D"
    assert states["as many F as M, hence F"] == "F"
    assert states["mostly T, hence T"] == "T"
    assert states["exactly 0.9 of the readings valid"] == "N"
    assert states["one valid reading short of 0.9"] == "B"
    held = [it.label.en for it in world.due if expected_verdict(it) == "held"]
    assert held == ["too high a yield, to be held"]


def test_the_turn_of_the_month_changes_the_parameter_set(world: World) -> None:
    sets = {it.label.en: it.record["parameter_set"] for it in world.expected}
    assert sets["the end of a month"] != sets["the begin of a month"]


def test_the_same_seed_invents_the_same_plants() -> None:
    one, same, other = (
        world_of(edge_plants(chance(seed, "tests"), HORIZON, date(2026, 7, 1)), HORIZON) for seed in (1, 1, 2)
    )
    assert one == same
    assert one != other
