from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tanpuhui.reference_client.recipes.bike import BikeRecipe
from tanpuhui.spec.indicator import violations
from tanpuhui.spec.methodology import methodologies

if TYPE_CHECKING:
    from collections.abc import Callable


def record_of(activity: dict[str, Any]) -> dict[str, Any]:
    recipe = BikeRecipe()
    (part,) = recipe.parts(activity)
    return recipe.record(activity, part, "a-record-of-a-ride")


def test_a_ride_by_muscle_becomes_a_sound_record(ride: Callable[..., dict[str, Any]]) -> None:
    record = record_of(ride(distance_m=2199, minutes=14))
    assert violations(record) == []
    assert record["activity"] == {"distance_km": "2.199", "duration_s": 840, "propulsion": "human"}
    assert (record["granularity"], record["device_state"]) == ("EVENT", "N")


def test_an_assisted_ride_tells_its_electricity(ride: Callable[..., dict[str, Any]]) -> None:
    record = record_of(ride(propulsion="assist", energy_wh=10))
    assert violations(record) == []
    assert record["activity"]["energy_kwh"] == "0.010"
    assert (record["baseline_kg"], record["scenario_kg"], record["reduction_kg"]) == (
        "0.110000",
        "0.004200",
        "0.105800",
    )


@pytest.mark.parametrize(
    ("start", "day"),
    [
        ("2026-03-08T15:59:59Z", "2026-03-08"),
        ("2026-03-08T16:00:00Z", "2026-03-09"),
        ("2025-12-31T23:00:00Z", "2026-01-01"),
    ],
)
def test_a_ride_belongs_to_the_shanghai_day_of_its_start(
    ride: Callable[..., Any], start: str, day: str
) -> None:
    assert record_of(ride(start=start, minutes=30))["business_day"] == day


def test_a_ride_takes_the_parameters_of_its_start(ride: Callable[..., Any]) -> None:
    *_, former, latest = next(found for found in methodologies() if found.scheme == "BIKE").parameter_sets
    begins = latest.valid_from.astimezone(UTC)
    over, after = (
        record_of(ride(start=at.isoformat(), minutes=30)) for at in (begins - timedelta(minutes=5), begins)
    )
    assert (over["parameter_set"], after["parameter_set"]) == (former.id, latest.id)


def test_fractions_of_a_second_stay_in_the_instants_and_leave_the_duration(ride: Callable[..., Any]) -> None:
    activity = ride() | {"start": "2026-03-09T00:00:00.250Z", "end": "2026-03-09T00:15:00Z"}
    record = record_of(activity)
    assert record["activity_start"] == "2026-03-09T08:00:00.250000+08:00"
    assert record["activity"]["duration_s"] == 899
