from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tanpuhui.reference_client.calling.patience import Patience
from tanpuhui.reference_client.calling.problem import Problem
from tanpuhui.spec.limits import default_times
from tanpuhui.spec.message import HttpResponse

NOW = datetime(2026, 3, 1, 4, 0, 0, tzinfo=UTC)
TIMES = replace(default_times(), retry_first_seconds=1.0, retry_max_seconds=60.0, retry_jitter_percent=10.0)
EAGER, LAZY = Patience(lambda: 0.0), Patience(lambda: 0.999)


def answer(*fields: tuple[str, str]) -> HttpResponse:
    return HttpResponse(503, fields)


def test_delays_double_up_to_the_longest() -> None:
    assert [EAGER.next_delay(n, TIMES, None) for n in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert EAGER.next_delay(10_000, TIMES, None) == 60


def test_jitter_only_ever_delays_and_stays_within_the_advertised_share() -> None:
    assert 4.39 < LAZY.next_delay(3, TIMES, None) <= 4.4


def test_retry_after_goes_before_the_curve_but_never_below_the_first_delay() -> None:
    assert EAGER.next_delay(1, TIMES, 7.0) == 7
    assert EAGER.next_delay(6, TIMES, 7.0) == 7
    assert EAGER.next_delay(1, TIMES, 0.0) == 1


def test_retry_after_in_seconds() -> None:
    assert EAGER.retry_after(answer(("retry-after", "30")), NOW) == 30


def test_retry_after_as_a_date_counts_from_the_answer_s_own_date() -> None:
    dated = answer(
        ("date", "Sun, 01 Mar 2026 22:00:00 GMT"), ("retry-after", "Sun, 01 Mar 2026 22:00:09 GMT")
    )
    assert EAGER.retry_after(dated, NOW) == 9


def test_retry_after_as_a_date_without_a_date_counts_from_the_platform_s_time() -> None:
    assert EAGER.retry_after(answer(("retry-after", "Sun, 01 Mar 2026 04:00:05 GMT")), NOW) == 5
    assert EAGER.retry_after(answer(("retry-after", "Sun, 01 Mar 2026 03:00:00 GMT")), NOW) == 0


@pytest.mark.parametrize(
    "text", ["", "soon", "-5", "1.5", "99999999999999999999", "Sun, 99 Mar 2026 04:00:05 GMT"]
)
def test_an_unreadable_retry_after_asks_nothing(text: str) -> None:
    assert EAGER.retry_after(answer(("retry-after", text)), NOW) is None


def test_two_retry_afters_or_none_ask_nothing() -> None:
    assert EAGER.retry_after(answer(("retry-after", "1"), ("retry-after", "2")), NOW) is None
    assert EAGER.retry_after(None, NOW) is None


@pytest.mark.parametrize(
    ("status", "code", "permanent"),
    [
        (422, "schema-violation", True),
        (403, "insufficient-scope", True),
        (409, "idempotency-key-in-flight", False),
        (401, "token-invalid", False),
        (503, "maintenance", False),
        (400, "a-problem-of-a-later-edition", True),
        (429, None, False),
        (408, None, False),
        (500, None, False),
        (302, None, False),
        (404, None, True),
    ],
)
def test_the_registry_says_what_is_permanent_and_the_status_where_it_is_silent(
    status: int, code: str | None, permanent: bool
) -> None:
    assert EAGER.is_permanent(Problem(status, code)) is permanent
