"""One instant has one meaning everywhere, and one business day in Shanghai."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanpuhui.spec.business_time import (
    SHANGHAI,
    InvalidInstant,
    business_day,
    day_span,
    instant_text,
    month_span,
    parse_instant,
)

MIDNIGHT = datetime(2026, 3, 1, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T00:00:00+08:00",
        "2026-02-28T16:00:00Z",
        "2026-02-28t16:00:00z",
        "2026-02-28T16:00:00.000000000Z",
        "2026-02-28T10:30:00-05:30",
    ],
)
def test_every_way_to_write_an_instant_is_the_same_instant(text: str) -> None:
    assert parse_instant(text) == MIDNIGHT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-01",
        "2026-03-01T00:00:00",
        "2026-03-01 00:00:00+08:00",
        "2026-03-01T00:00:00+0800",
        "2026-03-01T00:00:00+08",
        "2026-03-01T00:00+08:00",
        "2026-3-1T00:00:00+08:00",
        "20260301T000000Z",
        "2026-W09-7T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-03-01T24:00:00Z",
        "2026-03-01T00:00:60Z",
        "2026-03-01T00:00:00+24:00",
        "2026-03-01T00:00:00+08:60",
        "2026-03-01T00:00:00.Z",
        "2026-03-01T00:00:00,5Z",
        "2026-03-01T00:00:00.0000000000Z",
        "２０２６-03-01T00:00:00Z",
        "2026-03-01T00:00:00Z\n",
        " 2026-03-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+08:00",
        "9999-12-31T23:59:59-08:00",
        "1772294400",
    ],
)
def test_what_is_no_instant_with_an_offset_is_refused(text: str) -> None:
    with pytest.raises(InvalidInstant, match="IND-003"):
        parse_instant(text)


@pytest.mark.parametrize("value", [None, 1772294400, b"2026-03-01T00:00:00Z", MIDNIGHT])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(InvalidInstant):
        parse_instant(value)  # type: ignore[arg-type]


def test_instants_are_written_in_shanghai_time() -> None:
    assert instant_text(MIDNIGHT.astimezone(UTC)) == "2026-03-01T00:00:00+08:00"
    assert instant_text(MIDNIGHT + timedelta(milliseconds=5)) == "2026-03-01T00:00:00.005000+08:00"


def test_the_day_changes_at_midnight_in_shanghai() -> None:
    assert business_day(parse_instant("2026-02-28T15:59:59.999999Z")) == date(2026, 2, 28)
    assert business_day(parse_instant("2026-02-28T16:00:00Z")) == date(2026, 3, 1)


def test_a_time_without_offset_is_nowhere() -> None:
    with pytest.raises(InvalidInstant):
        instant_text(datetime(2026, 3, 1))  # noqa: DTZ001
    with pytest.raises(InvalidInstant):
        business_day(datetime(2026, 3, 1))  # noqa: DTZ001


OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=OFFSETS)  # noqa: DTZ001


@settings(max_examples=100, derandomize=True)
@given(INSTANTS)
def test_an_instant_survives_being_written_and_read(instant: datetime) -> None:
    assert parse_instant(instant_text(instant)) == instant
    assert parse_instant(instant.isoformat()) == instant


@settings(max_examples=200, derandomize=True)
@given(st.text(alphabet="0123456789-+:.TtZz ", max_size=36))
def test_a_text_is_an_instant_or_refused(text: str) -> None:
    with suppress(InvalidInstant):
        assert parse_instant(text).utcoffset() is not None


@pytest.mark.parametrize(
    ("day", "next_month"),
    [
        ("2026-09-01", "2026-10-01"),
        ("2026-01-31", "2026-02-01"),
        ("2026-12-15", "2027-01-01"),
        ("2028-02-29", "2028-03-01"),
    ],
)
def test_a_month_lasts_from_midnight_to_midnight(day: str, next_month: str) -> None:
    start, end = month_span(date.fromisoformat(day))
    assert (start, end) == (
        day_span(date.fromisoformat(day).replace(day=1))[0],
        day_span(date.fromisoformat(next_month))[0],
    )


def test_a_day_lasts_24_hours_from_shanghai_midnight() -> None:
    assert day_span(date(2026, 3, 1)) == (MIDNIGHT, MIDNIGHT + timedelta(hours=24))
