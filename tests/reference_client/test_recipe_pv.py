from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tanpuhui.reference_client.recipes.pv import PvRecipe
from tanpuhui.spec.indicator import violations
from tanpuhui.spec.methodology import methodologies

MIDNIGHT = datetime.fromisoformat("2026-03-09T00:00:00+08:00")


def a_plant(powers: list[str | None], *, start: datetime = MIDNIGHT, **changes: Any) -> dict[str, Any]:
    """A plant whose readings follow one another every 15 minutes."""
    instants = [(start + n * timedelta(minutes=15)).astimezone().isoformat() for n in range(len(powers))]
    readings = [
        {"start": at, "power_w": power, "state": "N"} for at, power in zip(instants, powers, strict=True)
    ]
    plant = {
        "activity_id": "plant-1",
        "scheme": "PV",
        "link_id": "lnk_" + "a" * 22,
        "district_code": "310115",
        "device_id": "dev-pv-1",
    }
    plant |= {"capacity_kw": "6", "grid_connected_on": "2024-05-01", "interval_seconds": 900}
    return plant | {"readings": readings} | changes


def records(activity: dict[str, Any]) -> list[dict[str, Any]]:
    recipe = PvRecipe()
    return [recipe.record(activity, part, f"record-of-{part.name}") for part in recipe.parts(activity)]


def uneven(count: int, base: int = 1000) -> list[str | None]:
    return [f"{base + n}.5" for n in range(count)]


def test_a_day_of_readings_becomes_one_sound_record() -> None:
    (record,) = records(a_plant(uneven(96)))
    assert violations(record) == []
    assert record["activity"] == {
        "capacity_kw": "6.000",
        "grid_connected_on": "2024-05-01",
        "generation_kwh": "25.152",
        "valid_intervals": 96,
        "expected_intervals": 96,
    }
    assert (record["baseline_kg"], record["reduction_kg"]) == ("10.563840", "10.563840")


def test_a_record_names_its_day_in_shanghai_time() -> None:
    (record,) = records(a_plant(uneven(4), start=datetime.fromisoformat("2026-03-08T17:00:00+00:00")))
    assert record["business_day"] == "2026-03-09"
    assert record["activity_start"] == "2026-03-09T00:00:00+08:00"
    assert record["activity_end"] == "2026-03-10T00:00:00+08:00"


def test_readings_over_midnight_become_two_days() -> None:
    days = [record["business_day"] for record in records(a_plant(uneven(100)))]
    assert days == ["2026-03-09", "2026-03-10"]


def test_negative_readings_at_night_are_valid_and_count_as_zero() -> None:
    (record,) = records(a_plant(["-2.5"] * 48 + uneven(48)))
    assert (record["device_state"], record["activity"]["valid_intervals"]) == ("N", 96)
    assert record["activity"]["generation_kwh"] == "12.288"


@pytest.mark.parametrize(("stale", "state"), [(9, "N"), (10, "D")])
def test_a_day_with_too_many_stale_readings_claims_nothing(stale: int, state: str) -> None:
    (record,) = records(a_plant(["777.0"] * stale + uneven(96 - stale)))
    assert record["device_state"] == state
    assert (record["reduction_kg"] == "0.000000") is (state != "N")
    assert record["activity"]["valid_intervals"] == 96 - stale


def test_missing_readings_are_not_made_up() -> None:
    (record,) = records(a_plant([*uneven(80), None]))
    assert record["device_state"] == "B"
    assert record["activity"]["valid_intervals"] == 80


def test_the_parameter_set_is_the_one_in_force_when_the_day_began() -> None:
    *_, former, latest = next(found for found in methodologies() if found.scheme == "PV").parameter_sets
    (before,) = records(a_plant(uneven(96), start=latest.valid_from - timedelta(days=1)))
    (after,) = records(a_plant(uneven(96), start=latest.valid_from))
    assert (before["parameter_set"], after["parameter_set"]) == (former.id, latest.id)
