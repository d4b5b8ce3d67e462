"""Cars and households: the judge's own sums agree with the law's code, and the edges have their fates."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from tanpuhui.conformance.chance import chance
from tanpuhui.conformance.truth.inventors import INVENTORS
from tanpuhui.conformance.truth.record import Horizon, expected_verdict
from tanpuhui.spec import ev_day, home_month
from tanpuhui.spec.business_time import SHANGHAI, parse_instant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tanpuhui.conformance.truth.expected import Expected, World

TURN = datetime(2026, 7, 1, tzinfo=SHANGHAI)
HORIZON = Horizon(datetime(2026, 7, 14, 10, 30, tzinfo=SHANGHAI), 25)


@pytest.fixture(scope="module")
def cars() -> World:
    return INVENTORS["EV"].edges(chance(9, "tests"), HORIZON, TURN)


@pytest.fixture(scope="module")
def homes() -> World:
    return INVENTORS["HOME"].edges(chance(9, "tests"), HORIZON, TURN)


def test_the_judge_sums_a_cars_day_as_the_law_does(cars: World) -> None:
    trips = {it["activity_id"]: [_trip(trip) for trip in it["trips"]] for it in cars.activities}
    for it in cars.expected:
        day = ev_day.summarise_day(trips[it.activity_id], date.fromisoformat(it.record["business_day"]))
        activity = it.record["activity"]
        assert activity["distance_km"] == f"{day.distance_km:.3f}"
        assert activity["energy_kwh"] == f"{day.energy_kwh:.3f}"
        assert activity["odometer_end_km"] == f"{day.odometer_end_km:.3f}"
        assert (activity["trips"], it.record["device_state"]) == (day.trips, day.device_state)


def test_the_judge_sums_a_households_month_as_the_law_does(homes: World) -> None:
    held = {it["activity_id"]: [_reading(one) for one in it["readings"]] for it in homes.activities}
    for it in homes.expected:
        month = home_month.summarise_month(
            held[it.activity_id], date.fromisoformat(it.record["business_day"])
        )
        activity = it.record["activity"]
        assert activity["peak_kwh"] == f"{month.peak_kwh:.3f}"
        assert activity["total_kwh"] == f"{month.total_kwh:.3f}"
        assert it.record["device_state"] == month.device_state


@pytest.mark.parametrize(
    ("label", "fates"),
    [
        ("the last day of the late window", ["due"]),
        ("just beyond the late window", ["late"]),
        ("today, not ended yet", ["not-ended"]),
        ("the end of a month, its last trip over midnight", ["due"]),
        ("the link begins at noon of the first day", ["link", "due"]),
        ("the link is revoked at noon of the first day", ["due", "link"]),
        ("no distance", ["rule"]),
        ("the odometer falls", ["rule"]),
        ("outside the city", ["exclusion"]),
        ("a unit that the ledger does not have", ["device"]),
    ],
)
def test_the_edges_of_cars(cars: World, label: str, fates: list[str]) -> None:
    assert _fates(cars, label) == fates


@pytest.mark.parametrize(
    ("label", "fate"),
    [
        ("the month that has just ended", "due"),
        ("this month, not ended yet", "not-ended"),
        ("a month that ended long ago", "late"),
        ("the second tier", "due"),
        ("the third tier", "exclusion"),
        ("with photovoltaic power of its own", "exclusion"),
        ("the link begins within the month", "link"),
        ("the calibration ends within the month", "due"),
        ("the calibration begins within the month", "device"),
        ("a meter that the ledger does not have", "device"),
    ],
)
def test_the_edges_of_households(homes: World, label: str, fate: str) -> None:
    assert _fates(homes, label) == [fate]


def test_states_that_earn_nothing(cars: World, homes: World) -> None:
    states = {it.label.en: it.record["device_state"] for it in (*cars.expected, *homes.expected)}
    assert states["one trip in state D"] == states["a register falls"] == "D"
    assert states["both S and D, hence S"] == "S"
    assert states["no reading at the month's begin"] == states["no reading all month"] == "B"
    assert states["read by hand"] == "S"
    assert states["trips in the wrong order"] == states["readings in the wrong order"] == "N"


def test_the_doubtful_ones_are_held(cars: World, homes: World) -> None:
    assert "exactly 35 kWh per 100 km" not in _held(cars)
    assert {"more than 35 kWh per 100 km", "one metre above 600 km"} <= _held(cars)
    assert _held(homes) == {"nothing used all month", "one Wh above 2 000 kWh"}


def _fates(world: World, label: str) -> list[str]:
    return [it.fate for it in world.expected if it.label.en == label]


def _held(world: World) -> set[str]:
    return {it.label.en for it in _due(world) if expected_verdict(it) == "held"}


def _due(world: World) -> tuple[Expected, ...]:
    return world.due


def _trip(held: Mapping[str, Any]) -> ev_day.Trip:
    return ev_day.Trip(
        parse_instant(held["start"]),
        parse_instant(held["end"]),
        held["odometer_start_m"],
        held["odometer_end_m"],
        held["energy_wh"],
        held["state"],
    )


def _reading(held: Mapping[str, Any]) -> home_month.Reading:
    return home_month.Reading(parse_instant(held["at"]), held["peak_wh"], held["valley_wh"], held["state"])
