"""Clause 11.2: what the kinds of set rules mean, beyond the examples of the catalogue."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tanpuhui.spec.business_time import parse_instant
from tanpuhui.spec.set_check import Beside, SetFinding, check_set
from tanpuhui.spec.set_rule import SetRule, set_rules

MORNING = parse_instant("2026-03-01T08:00:00+08:00")
INTERVALS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 20), st.integers(1, 6)), max_size=12)


def named(rule_id: str) -> SetRule:
    return next(rule for rule in set_rules() if rule.id == rule_id)


def a_trip(link: str, start: int, minutes: int) -> dict[str, Any]:
    start_at = MORNING + timedelta(minutes=start)
    return {
        "scheme": "BUS",
        "link_id": link,
        "start_at": start_at,
        "end_at": start_at + timedelta(minutes=minutes),
    }


@given(ids=st.lists(st.sampled_from("abcde"), max_size=12), former=st.lists(st.sampled_from("abcde")))
def test_what_remains_after_the_repetitions_is_each_value_once(ids: list[str], former: list[str]) -> None:
    rows, history = [{"record_id": id_} for id_ in ids], [{"record_id": id_} for id_ in former]
    repeated = check_set(named("Q-SET-001"), rows).offending
    assert len(ids) - len(repeated) == len(set(ids))
    known = check_set(named("Q-SET-002"), rows, Beside(history=history)).offending
    assert len(ids) - len(known) == len(set(ids) - set(former))


@given(found=INTERVALS)
def test_trips_overlap_exactly_where_two_of_a_link_share_a_moment(found: list[tuple[str, int, int]]) -> None:
    rows = [a_trip(*interval) for interval in found]
    minutes = [(link, at) for link, start, length in found for at in range(start, start + length)]
    shared = len(set(minutes)) < len(minutes)
    assert bool(check_set(named("Q-SET-006"), rows).offending) == shared


@given(found=INTERVALS)
def test_what_remains_after_the_overlaps_does_not_overlap(found: list[tuple[str, int, int]]) -> None:
    rows = [a_trip(*interval) for interval in found]
    offending = check_set(named("Q-SET-006"), rows).offending
    rest = [row for at, row in enumerate(rows) if at not in offending]
    assert check_set(named("Q-SET-006"), rest) == SetFinding(len(rest), ())


def test_a_short_trip_inside_a_long_one_does_not_hide_the_long_one() -> None:
    rows = [a_trip("a", 0, 60), a_trip("a", 10, 5), a_trip("a", 30, 5), a_trip("a", 60, 5)]
    assert check_set(named("Q-SET-006"), rows).offending == (1, 2)


def test_rows_without_a_key_or_outside_the_condition_are_not_judged() -> None:
    rows = [
        a_trip("a", 0, 10),
        {**a_trip("a", 5, 10), "link_id": None},
        {**a_trip("a", 5, 10), "scheme": "PV"},
    ]
    assert check_set(named("Q-SET-006"), rows) == SetFinding(1, ())


def test_a_rule_of_one_scheme_leaves_the_records_of_others_alone() -> None:
    rows = [{"scheme": "HOME", "device_id": "m-1", "business_day": "2026-02-01"}] * 2
    other = [{**row, "scheme": "EV"} for row in rows]
    assert check_set(named("Q-SET-005"), [*other, *rows]) == SetFinding(2, (3,))


@given(
    low=st.integers(0, 40), days=st.lists(st.integers(1, 6), min_size=1, max_size=9), today=st.integers(1, 9)
)
def test_a_day_is_compared_with_the_days_before_that_have_records(
    low: int, days: list[int], today: int
) -> None:
    dates = [f"2026-03-{10 - back:02}" for back in range(1, len(days) + 1)]
    common = {"scheme": "BIKE", "granularity": "EVENT"}
    pairs = zip(days, dates, strict=True)
    history = [{**common, "business_day": day} for count, day in pairs for _ in range(count)]
    history += [{**common, "business_day": "2026-03-11"}] * low
    rows = [{**common, "business_day": "2026-03-10"}] * today
    finding = check_set(named("Q-SET-015"), rows, Beside(history=history))
    within = days[:7]
    ratio = Decimal(today * len(within)) / sum(within)
    assert finding.applicable == (today if len(within) >= 3 else 0)
    assert bool(finding.offending) == (len(within) >= 3 and not Decimal("0.5") <= ratio <= 2)
