from __future__ import annotations

from typing import Any

from tanpuhui.reference_client.recipes.home import HomeRecipe
from tanpuhui.spec.indicator import violations


def reading(at: str, peak: int, valley: int, state: str = "N") -> dict[str, Any]:
    return {"at": at, "peak_wh": peak, "valley_wh": valley, "state": state}


READINGS = [
    reading("2026-01-31T16:00:00Z", 5_000_000, 2_000_000),
    reading("2026-02-14T04:00:00Z", 5_050_000, 2_031_500),
    reading("2026-02-28T16:00:00Z", 5_101_250, 2_060_000),
    reading("2026-03-31T16:00:00Z", 5_201_250, 2_110_000),
]
MONTH = {"month": "2026-02", "baseline_wh": 240_000, "tier": 1, "has_pv": False}


def records_of(*months: dict[str, Any], readings: list[dict[str, Any]] = READINGS) -> list[dict[str, Any]]:
    recipe = HomeRecipe()
    meter = {
        "activity_id": "home-1",
        "scheme": "HOME",
        "link_id": "lnk_" + "a" * 22,
        "district_code": "310104",
        "device_id": "meter-3101",
        "months": list(months),
        "readings": readings,
    }
    return [recipe.record(meter, part, f"a-record-of-{part.name}") for part in recipe.parts(meter)]


def test_a_month_of_registers_becomes_a_sound_record() -> None:
    (record,) = records_of(MONTH)
    assert violations(record) == []
    assert record["activity"] == {
        "peak_kwh": "101.250",
        "valley_kwh": "60.000",
        "total_kwh": "161.250",
        "baseline_kwh": "240.000",
        "tier": 1,
        "has_pv": "no",
    }
    assert (record["granularity"], record["device_state"]) == ("MONTH", "N")


def test_the_record_spans_the_shanghai_month() -> None:
    (record,) = records_of(MONTH)
    assert (record["business_day"], record["activity_start"], record["activity_end"]) == (
        "2026-02-01",
        "2026-02-01T00:00:00+08:00",
        "2026-03-01T00:00:00+08:00",
    )


def test_each_month_listed_makes_a_record_of_its_own() -> None:
    march = MONTH | {"month": "2026-03", "baseline_wh": 100_000, "has_pv": True}
    february, later = records_of(march, MONTH)
    assert [record["business_day"] for record in (february, later)] == ["2026-02-01", "2026-03-01"]
    assert (later["activity"]["total_kwh"], later["activity"]["has_pv"]) == ("150.000", "yes")
    assert later["reduction_kg"] == "0.000000"


def test_a_register_that_falls_earns_nothing() -> None:
    fallen = [READINGS[0], READINGS[1] | {"peak_wh": 4_000_000}, READINGS[2]]
    (record,) = records_of(MONTH, readings=fallen)
    assert (record["device_state"], record["reduction_kg"]) == ("D", "0.000000")


def test_a_month_without_a_reading_at_its_end_earns_nothing() -> None:
    (record,) = records_of(MONTH, readings=READINGS[:2])
    assert (record["device_state"], record["activity"]["total_kwh"]) == ("B", "81.500")
