from __future__ import annotations

from typing import Any

import pytest

from tanpuhui.reference_client.recipes.rail import RailRecipe
from tanpuhui.spec.indicator import violations

JOURNEY = {
    "activity_id": "rail-1",
    "scheme": "RAIL",
    "link_id": "lnk_" + "a" * 22,
    "district_code": "310106",
    "device_id": "gate-0203-17",
    "entry_station": "0203",
    "exit_station": "0914",
    "entry": "2026-03-09T00:00:00Z",
    "exit": "2026-03-09T00:27:30Z",
    "distance_m": 12345,
    "ticket_medium": "qr",
}


def record_of(**changes: Any) -> dict[str, Any]:
    recipe, journey = RailRecipe(), JOURNEY | changes
    (part,) = recipe.parts(journey)
    return recipe.record(journey, part, "a-record-of-a-journey")


def test_a_journey_becomes_a_sound_record() -> None:
    record = record_of()
    assert violations(record) == []
    assert record["activity"] == {
        "distance_km": "12.345",
        "duration_s": 1650,
        "entry_station": "0203",
        "exit_station": "0914",
        "ticket_medium": "qr",
    }
    assert (record["granularity"], record["data_source"]) == ("EVENT", "TRANSACTION")


def test_its_reduction_is_baseline_less_emission_rounded_down() -> None:
    record = record_of()
    assert (record["baseline_kg"], record["scenario_kg"], record["reduction_kg"]) == (
        "1.111050",
        "0.370350",
        "0.740700",
    )


@pytest.mark.parametrize(
    ("entry", "exit_", "day"),
    [
        ("2026-03-08T15:50:00Z", "2026-03-08T16:20:00Z", "2026-03-08"),
        ("2026-03-08T16:00:00Z", "2026-03-08T16:20:00Z", "2026-03-09"),
    ],
)
def test_a_journey_across_midnight_belongs_to_the_day_of_its_start(entry: str, exit_: str, day: str) -> None:
    assert record_of(entry=entry, exit=exit_)["business_day"] == day
