"""IND-006: readings become a day in the way that annex A lays down."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanpuhui.spec.law import law_text
from tanpuhui.spec.pv_day import InvalidReading, Reading, day_rules, day_span, days_of, summarise_day

VECTORS = json.loads(law_text("vectors/pv_day.json"))["vectors"]
DAY = date(2026, 3, 1)
MIDNIGHT = datetime(2026, 2, 28, 16, tzinfo=UTC)


def a_reading(slot: int, power: str | None = "100.0", state: str = "N", interval: int = 900) -> Reading:
    start = MIDNIGHT + timedelta(seconds=slot * interval)
    return Reading(start, None if power is None else Decimal(power), state)


def read(entry: dict[str, Any]) -> Reading:
    power = entry["power_w"]
    return Reading(
        datetime.fromisoformat(entry["start"]), None if power is None else Decimal(power), entry["state"]
    )


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_known_answers(vector: dict[str, Any]) -> None:
    readings = [read(entry) for entry in vector["readings"]]
    found = summarise_day(readings, date.fromisoformat(vector["day"]), vector["interval_seconds"])
    assert vector["expect"] == {
        "generation_kwh": f"{found.generation_kwh:f}",
        "valid_intervals": found.valid_intervals,
        "expected_intervals": found.expected_intervals,
        "device_state": found.device_state,
    }


powers = st.none() | st.decimals(-50, 9000, places=1)
series = st.lists(
    st.builds(
        lambda slot, power, state: a_reading(slot, None if power is None else str(power), state),
        st.integers(-8, 104),
        powers,
        st.sampled_from("NNNNFMSDCTB"),
    ),
    unique_by=lambda reading: reading.start,
)


@settings(deadline=None)
@given(series)
def test_the_order_in_which_readings_come_does_not_matter(readings: list[Reading]) -> None:
    assert summarise_day(readings, DAY, 900) == summarise_day(readings[::-1], DAY, 900)


@settings(deadline=None)
@given(series)
def test_a_day_is_never_more_than_its_positive_normal_readings(readings: list[Reading]) -> None:
    found = summarise_day(readings, DAY, 900)
    start, end = day_span(DAY)
    most = sum(
        (
            max(r.power_w or Decimal(0), Decimal(0))
            for r in readings
            if r.state == "N" and start <= r.start < end
        ),
        Decimal(0),
    )
    assert 0 <= found.generation_kwh <= most * 900 / 3_600_000
    assert found.valid_intervals <= found.expected_intervals == 96
    assert (found.device_state == "N") == (found.valid_intervals >= day_rules().valid_share * 96)


def test_a_full_day_of_one_positive_value_is_a_stopped_meter() -> None:
    found = summarise_day([a_reading(slot) for slot in range(96)], DAY, 900)
    assert (found.generation_kwh, found.valid_intervals, found.device_state) == (Decimal(0), 0, "D")


def test_the_days_that_have_readings_are_shanghai_days() -> None:
    assert days_of([a_reading(96), a_reading(-1), a_reading(0), a_reading(95)]) == (
        date(2026, 2, 28),
        DAY,
        date(2026, 3, 2),
    )


@pytest.mark.parametrize("interval", [0, -900, 7, 86_401])
def test_an_interval_that_does_not_divide_the_day_is_refused(interval: int) -> None:
    with pytest.raises(InvalidReading, match="IND-006"):
        summarise_day([], DAY, interval)


def test_a_reading_that_cannot_be_used_is_refused_without_its_value() -> None:
    naive = datetime(2026, 3, 1)  # noqa: DTZ001  # the fault under test
    with pytest.raises(InvalidReading, match="时区偏移"):
        Reading(naive, Decimal(1), "N")
    with pytest.raises(InvalidReading, match="有限数"):
        Reading(MIDNIGHT, Decimal("NaN"), "N")
    with pytest.raises(InvalidReading, match="取值表") as refused:
        Reading(MIDNIGHT, Decimal(1), "13800138000")
    assert "13800138000" not in str(refused.value)
