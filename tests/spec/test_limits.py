"""Limits and times are the law's unless the discovery document says otherwise."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest

from tanpuhui.spec.law import law_yaml
from tanpuhui.spec.limits import InvalidLimit, Limits, Times, default_limits, default_times


@pytest.mark.parametrize(("kind", "group"), [(Limits, "limits"), (Times, "times")])
def test_the_law_and_the_code_know_the_same_names(kind: Any, group: str) -> None:
    assert [field.name for field in fields(kind)] == list(law_yaml("limits.yaml")[group])


def test_the_defaults_are_those_of_the_law() -> None:
    proposed = law_yaml("limits.yaml")
    assert default_limits().as_mapping() == {n: e["value"] for n, e in proposed["limits"].items()}
    assert default_times().as_mapping() == {n: e["value"] for n, e in proposed["times"].items()}


def test_what_is_advertised_goes_before_the_default_and_unknown_names_are_ignored() -> None:
    limits = Limits.from_mapping({"batch_max_records": 7, "later_invention": 1})
    assert (limits.batch_max_records, limits.body_max_bytes) == (7, default_limits().body_max_bytes)
    times = Times.from_mapping({"retry_first_seconds": Decimal("0.5"), "event_retry_seconds": [1, 2.5]})
    assert (times.retry_first_seconds, times.event_retry_seconds) == (0.5, (1.0, 2.5))


def test_advertised_values_come_back_as_they_went() -> None:
    times = Times.from_mapping({"retry_first_seconds": 0.25, "event_retry_seconds": [1, 0.5]})
    assert Times.from_mapping(times.as_mapping()) == times
    assert (times.as_mapping()["retry_first_seconds"], times.as_mapping()["token_life_seconds"]) == (
        0.25,
        300,
    )


@pytest.mark.parametrize("value", [0, -1, 1.5, "7", True, None])
def test_a_limit_that_is_no_positive_whole_number_is_refused(value: object) -> None:
    with pytest.raises(InvalidLimit, match="batch_max_records"):
        Limits.from_mapping({"batch_max_records": value})


@pytest.mark.parametrize("value", [-1, "7", True, None, float("nan"), float("inf"), Decimal("NaN"), [1]])
def test_a_duration_that_is_no_plain_number_is_refused(value: object) -> None:
    with pytest.raises(InvalidLimit, match="token_life_seconds"):
        Times.from_mapping({"token_life_seconds": value})


@pytest.mark.parametrize("value", [5, "5", [5, "x"], None])
def test_a_schedule_is_a_list_of_durations(value: object) -> None:
    with pytest.raises(InvalidLimit, match="event_retry_seconds"):
        Times.from_mapping({"event_retry_seconds": value})
