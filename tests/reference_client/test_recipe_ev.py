from __future__ import annotations

from typing import Any

from tanpuhui.reference_client.recipes.ev import EvRecipe
from tanpuhui.spec.indicator import violations


def trip(start: str, end: str, odometer: tuple[int, int], state: str = "N") -> dict[str, Any]:
    return {
        "start": f"2026-03-{start}:00Z",
        "end": f"2026-03-{end}:00Z",
        "odometer_start_m": odometer[0],
        "odometer_end_m": odometer[1],
        "energy_wh": (odometer[1] - odometer[0]) * 15 // 100,
        "state": state,
    }


MORNING = trip("09T00:10", "09T00:40", (10_000_000, 10_012_400))
EVENING = trip("09T10:00", "09T10:30", (10_012_900, 10_025_300))
LATE = trip("09T15:50", "09T16:20", (10_025_300, 10_040_300))


def records_of(*trips: dict[str, Any]) -> list[dict[str, Any]]:
    recipe = EvRecipe()
    car = {
        "activity_id": "ev-1",
        "scheme": "EV",
        "link_id": "lnk_" + "a" * 22,
        "district_code": "310110",
        "device_id": "tbox-7731",
        "trips": list(trips),
    }
    return [recipe.record(car, part, f"a-record-of-{part.name}") for part in recipe.parts(car)]


def test_the_trips_of_a_day_make_one_sound_record() -> None:
    (record,) = records_of(EVENING, MORNING)
    assert violations(record) == []
    assert record["activity"] == {
        "odometer_start_km": "10000.000",
        "odometer_end_km": "10025.300",
        "distance_km": "24.800",
        "energy_kwh": "3.720",
        "trips": 2,
    }


def test_the_record_spans_the_shanghai_day() -> None:
    (record,) = records_of(MORNING)
    assert (record["activity_start"], record["activity_end"]) == (
        "2026-03-09T00:00:00+08:00",
        "2026-03-10T00:00:00+08:00",
    )


def test_a_trip_across_midnight_counts_in_the_day_of_its_start() -> None:
    (record,) = records_of(MORNING, LATE)
    assert (record["business_day"], record["activity"]["trips"]) == ("2026-03-09", 2)


def test_trips_of_two_days_make_two_records() -> None:
    after = trip("09T16:30", "09T16:50", (10_040_300, 10_045_300))
    assert [record["business_day"] for record in records_of(LATE, after)] == ["2026-03-09", "2026-03-10"]


def test_a_fault_during_one_trip_costs_the_day() -> None:
    (record,) = records_of(MORNING, EVENING | {"state": "D"}, LATE | {"state": "M"})
    assert (record["device_state"], record["reduction_kg"]) == ("M", "0.000000")
