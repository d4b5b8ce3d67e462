"""IND-006: register readings become a month in the way that annex A.4 lays down."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanpuhui.spec.home_month import InvalidReading, Reading, parse_month, summarise_month
from tanpuhui.spec.law import law_text

VECTORS = json.loads(law_text("vectors/home_month.json"))["vectors"]
SEPTEMBER = date(2026, 9, 1)
BEGIN = datetime(2026, 8, 31, 16, tzinfo=UTC)


def a_reading(day: int, peak_wh: int, valley_wh: int = 0, state: str = "N") -> Reading:
    return Reading(BEGIN + timedelta(days=day), peak_wh, valley_wh, state)


def read(entry: dict[str, Any]) -> Reading:
    return Reading(**(entry | {"at": datetime.fromisoformat(entry["at"])}))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_known_answers(vector: dict[str, Any]) -> None:
    found = summarise_month([read(entry) for entry in vector["readings"]], parse_month(vector["month"]))
    assert {name: str(value) for name, value in asdict(found).items()} == vector["expect"]


growths = st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 9000)), min_size=31, max_size=31)


@settings(deadline=None)
@given(growths)
def test_a_meter_that_only_counts_up_gives_what_it_counted(growths: list[tuple[int, int]]) -> None:
    peak, valley, readings = 17, 29, []
    for day, (more_peak, more_valley) in enumerate(growths):
        peak, valley = peak + more_peak, valley + more_valley
        readings.append(a_reading(day, peak, valley))
    found = summarise_month(readings, SEPTEMBER)
    assert found.peak_kwh * 1000 == peak - readings[0].peak_wh
    assert found.valley_kwh * 1000 == valley - readings[0].valley_wh
    assert found.total_kwh == found.peak_kwh + found.valley_kwh
    assert found.device_state == "N"


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(-5, 35), st.integers(0, 999), st.sampled_from("NNFMSDCTB")),
        unique_by=lambda it: it[0],
    )
)
def test_the_order_in_which_readings_come_does_not_matter(drawn: list[tuple[int, int, str]]) -> None:
    readings = [a_reading(day, peak, peak, state) for day, peak, state in drawn]
    assert summarise_month(readings, SEPTEMBER) == summarise_month(readings[::-1], SEPTEMBER)


def test_the_reading_between_two_months_belongs_to_both() -> None:
    readings = [a_reading(0, 1000), a_reading(30, 4000), a_reading(61, 9000)]
    assert summarise_month(readings, SEPTEMBER).peak_kwh == 3
    assert summarise_month(readings, date(2026, 10, 1)).peak_kwh == 5


@pytest.mark.parametrize("text", ["2026-9", "2026-13", "2026-09-01", "202609", "２026-09", ""])
def test_a_month_is_written_in_one_way(text: str) -> None:
    with pytest.raises(InvalidReading, match="2026-09"):
        parse_month(text)


def test_a_reading_that_cannot_be_used_is_refused_without_its_values() -> None:
    naive = datetime(2026, 9, 1)  # noqa: DTZ001  # the fault under test
    with pytest.raises(InvalidReading, match="时区偏移"):
        Reading(naive, 0, 0, "N")
    with pytest.raises(InvalidReading, match="不应为负"):
        Reading(BEGIN, 0, -1, "N")
    with pytest.raises(InvalidReading, match="取值表") as refused:
        Reading(BEGIN, 0, 0, "13800138000")
    assert "13800138000" not in str(refused.value)
