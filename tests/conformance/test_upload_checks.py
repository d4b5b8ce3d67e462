"""What the checks of uploads accept and what they refuse, case by case."""

from __future__ import annotations

from typing import Any

import pytest
from uploads_seen import (
    OTHER_KEY,
    call,
    job,
    lines,
    look,
    outcomes,
    page,
    seen,
    told_verdicts,
    upload,
)

from tanpuhui.conformance.checks.calling import acknowledged_records_rest, same_records_same_key
from tanpuhui.conformance.checks.uploads import (
    follows_the_job_to_its_end,
    leaves_alone_what_was_judged,
    sends_again_what_was_not_judged,
    takes_every_verdict,
)
from tanpuhui.conformance.checks.waiting import asks_again_when_told, looks_at_a_job_when_told

TWO = lines("rec-a", "rec-b")
WAIT = [["Retry-After", "2"]]
FAILED = job("failed", 1, problem={"code": "internal"})


def test_a_job_is_followed_to_its_end() -> None:
    assert outcomes(follows_the_job_to_its_end(seen(upload(1, TWO), look(2, "succeeded", 2)))) == [True]
    assert outcomes(follows_the_job_to_its_end(seen(upload(1, TWO), look(2, "running", 1)))) == [False]
    assert outcomes(follows_the_job_to_its_end(seen(upload(1, TWO)))) == [False]
    assert outcomes(follows_the_job_to_its_end(seen(upload(1, TWO, lost=True)))) == []


def test_every_verdict_is_taken_from_every_page() -> None:
    first, second = page(3, told_verdicts("accepted")), page(4, told_verdicts("held", first=1))
    ended = (upload(1, TWO), look(2, "succeeded", 2))
    assert outcomes(takes_every_verdict(seen(*ended, first, second))) == [True]
    assert outcomes(takes_every_verdict(seen(*ended, first))) == [False]
    assert outcomes(takes_every_verdict(seen(upload(1, TWO), first, state=FAILED))) == [True]


@pytest.mark.parametrize(
    ("again", "rest", "judged"),
    [
        (lines("rec-b"), True, True),
        (TWO, True, False),
        (lines("rec-new"), False, True),
    ],
)
def test_after_a_failed_job_the_rest_goes_out_and_nothing_else(
    again: bytes, rest: bool, judged: bool
) -> None:
    evidence = seen(
        upload(1, TWO),
        look(2, "failed", 1),
        page(3, told_verdicts("accepted")),
        upload(4, again, (202, {"job_id": "job_2"}), key=OTHER_KEY),
        state=FAILED,
    )
    assert outcomes(sends_again_what_was_not_judged(evidence)) == [rest]
    assert outcomes(leaves_alone_what_was_judged(evidence)) == [judged]


def test_what_would_fail_for_good_need_not_be_sent_again() -> None:
    state = job("failed", 1, problem={"code": "limit-exceeded"})
    assert outcomes(sends_again_what_was_not_judged(seen(upload(1, TWO), state=state))) == []


@pytest.mark.parametrize(("second", "ok"), [(1.1, False), (3.1, True)])
def test_a_job_is_looked_at_when_told(second: float, ok: bool) -> None:
    evidence = seen(upload(1, TWO, told=WAIT), look(second, "succeeded", 2))
    assert outcomes(looks_at_a_job_when_told(evidence)) == [ok]


@pytest.mark.parametrize(("second", "ok"), [(1.5, False), (3.1, True)])
def test_what_was_read_in_vain_is_read_again_when_told(second: float, ok: bool) -> None:
    refused: Any = (429, {"type": "https://tanpuhui.example/problems/rate-limited"})
    evidence = seen(
        call(1, "listLinks", "/links", refused, told=WAIT),
        call(1.2, "listLinks", "/links?cursor=other", (200, {})),
        call(second, "listLinks", "/links", (200, {})),
    )
    assert outcomes(asks_again_when_told(evidence)) == [ok]


def test_records_that_were_taken_over_are_not_sent_again() -> None:
    twice = seen(
        upload(1, TWO), upload(2, TWO, (202, {"job_id": "job_2"}), key=OTHER_KEY), look(3, "succeeded", 2)
    )
    assert outcomes(acknowledged_records_rest(twice)) == [True, True, False, False]
    after_failure = seen(
        upload(1, TWO), upload(2, lines("rec-b"), (202, {"job_id": "job_2"}), key=OTHER_KEY), state=FAILED
    )
    assert outcomes(acknowledged_records_rest(after_failure)) == [True, True, True]


def test_an_upload_that_was_not_answered_keeps_its_key() -> None:
    lost = upload(1, TWO, lost=True)
    assert outcomes(same_records_same_key(seen(lost, upload(2, TWO), scene="upload_lost_answer"))) == [True]
    renamed = upload(2, lines("rec-c", "rec-d"), (202, {"job_id": "job_2"}), key=OTHER_KEY)
    assert outcomes(same_records_same_key(seen(lost, renamed, scene="upload_lost_answer"))) == [False]
