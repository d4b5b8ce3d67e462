"""IND-006: trips become a day in the way that annex A.3 lays down."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanpuhui.spec.ev_day import InvalidTrip, Trip, days_of, summarise_day
from tanpuhui.spec.law import law_text

VECTORS = json.loads(law_text("vectors/ev_day.json"))["vectors"]
DAY = date(2026, 3, 1)
MIDNIGHT = datetime(2026, 2, 28, 16, tzinfo=UTC)


def a_trip(minute: int, metres: int = 5000, energy_wh: int = 750, state: str = "N") -> Trip:
    start = MIDNIGHT + timedelta(minutes=minute)
    odometer = 5_000_000 + 1000 * minute
    return Trip(start, start + timedelta(minutes=5), odometer, odometer + metres, energy_wh, state)


def read(entry: dict[str, Any]) -> Trip:
    instants = {name: datetime.fromisoformat(entry[name]) for name in ("start", "end")}
    return Trip(**(entry | instants))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_known_answers(vector: dict[str, Any]) -> None:
    found = summarise_day([read(entry) for entry in vector["trips"]], date.fromisoformat(vector["day"]))
    shown = {
        name: str(value) if isinstance(value, Decimal) else value for name, value in asdict(found).items()
    }
    assert shown == vector["expect"]


trips = st.lists(
    st.builds(
        a_trip, st.integers(0, 1439), st.integers(0, 900), st.integers(0, 9000), st.sampled_from("NNNFB")
    ),
    min_size=1,
    unique_by=lambda trip: trip.start,
)


@settings(deadline=None)
@given(trips)
def test_the_order_in_which_trips_come_does_not_matter(found: list[Trip]) -> None:
    assert summarise_day(found, DAY) == summarise_day(found[::-1], DAY)


@settings(deadline=None)
@given(trips)
def test_the_trips_never_add_up_to_more_than_the_odometer_of_the_day(found: list[Trip]) -> None:
    day = summarise_day(found, DAY)
    assert 0 <= day.distance_km <= day.odometer_end_km - day.odometer_start_km
    assert day.energy_kwh * 1000 == sum(trip.energy_wh for trip in found)
    assert (day.device_state == "N") == all(trip.state == "N" for trip in found)


def test_the_days_that_have_trips_are_shanghai_days_of_their_start() -> None:
    assert days_of([a_trip(1439), a_trip(1440), a_trip(-1)]) == (date(2026, 2, 28), DAY, date(2026, 3, 2))


def test_a_day_without_a_trip_makes_no_record() -> None:
    with pytest.raises(InvalidTrip, match="IND-006"):
        summarise_day([a_trip(-1)], DAY)


def test_a_trip_that_cannot_be_used_is_refused_without_its_values() -> None:
    naive = datetime(2026, 3, 1)  # noqa: DTZ001  # the fault under test
    with pytest.raises(InvalidTrip, match="时区偏移"):
        Trip(MIDNIGHT, naive, 0, 1, 1, "N")
    with pytest.raises(InvalidTrip, match="不应为负"):
        Trip(MIDNIGHT, MIDNIGHT, -1, 1, 1, "N")
    with pytest.raises(InvalidTrip, match="取值表") as refused:
        Trip(MIDNIGHT, MIDNIGHT, 0, 1, 1, "13800138000")
    assert "13800138000" not in str(refused.value)
