from __future__ import annotations

from typing import Any

import pytest

from tanpuhui.reference_client.recipes.bus import BusRecipe
from tanpuhui.spec.indicator import violations

TRIP = {
    "activity_id": "bus-1",
    "scheme": "BUS",
    "link_id": "lnk_" + "a" * 22,
    "district_code": "310115",
    "device_id": "pos-71-0042",
    "line_id": "71",
    "board_stop": "S-0108",
    "alight_stop": "S-0121",
    "board": "2026-03-09T00:00:00Z",
    "alight": "2026-03-09T00:24:10Z",
    "distance_m": 6800,
    "line_average_m": 5100,
    "line_average_s": 1260,
}
SINGLE_TAP = {"alight_stop": None, "alight": None, "distance_m": None}


def record_of(**changes: Any) -> dict[str, Any]:
    recipe, trip = BusRecipe(), TRIP | changes
    (part,) = recipe.parts(trip)
    return recipe.record(trip, part, "a-record-of-a-trip")


def test_a_trip_with_both_taps_is_told_as_it_was() -> None:
    record = record_of()
    assert violations(record) == []
    assert record["data_source"] == "TRANSACTION"
    assert record["activity"] == {
        "distance_km": "6.800",
        "duration_s": 1450,
        "line_id": "71",
        "board_stop": "S-0108",
        "alight_stop": "S-0121",
        "distance_method": "ACTUAL_OD",
    }


def test_a_single_tap_takes_the_means_of_the_line_and_says_so() -> None:
    record = record_of(**SINGLE_TAP)
    assert violations(record) == []
    assert record["data_source"] == "ESTIMATED"
    assert record["activity_end"] == "2026-03-09T08:21:00+08:00"
    assert record["activity"] == {
        "distance_km": "5.100",
        "duration_s": 1260,
        "line_id": "71",
        "board_stop": "S-0108",
        "distance_method": "LINE_AVERAGE",
    }


@pytest.mark.parametrize("unknown", SINGLE_TAP)
def test_a_trip_known_in_part_only_takes_the_means_too(unknown: str) -> None:
    record = record_of(**{unknown: None})
    assert violations(record) == []
    assert record["activity"]["distance_km"] == "5.100"
