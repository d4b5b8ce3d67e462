"""What the checks of lists and sums accept and what they refuse, case by case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ledger_seen import Played, Read, decides, record, sends
from uploads_seen import outcomes

from tanpuhui.conformance.checks.day_sums import lists_each_day_once_in_order, sums_equal_the_records
from tanpuhui.conformance.checks.reported_records import (
    keeps_to_day_and_scheme,
    lists_every_record_once,
    lists_in_ascending_order,
    pages_to_the_end,
    tells_content_and_current_verdict,
)
from tanpuhui.conformance.driving.perusal import RECORDS, SUMMARIES

if TYPE_CHECKING:
    from tanpuhui.conformance.recording.evidence import Evidence

DAY = {"business_day": "2026-02-01"}
A, B, C = record("rec-a"), record("rec-b"), record("rec-c", reduction_kg="0.250000")
SENT = [sends(1, A, B, C, verdicts=("accepted", "held", "rejected"))]
NEXT = "http://s/v1/records?cursor=1"


def shown(one: dict[str, Any], verdict: str = "accepted", **members: Any) -> dict[str, Any]:
    return {**one, "verdict": verdict, "receipt_id": "rcp-1", **members}


LISTED = [shown(A), shown(B, "held"), shown(C, "rejected")]


def read(*pages: list[dict[str, Any]], asked: dict[str, str] | None = None, **members: Any) -> Read:
    """A list whose pages hold these items; all but the last name a next one."""
    bodies = [{"records": items, "next": NEXT} for items in pages[:-1]] + [{"records": pages[-1]}]
    return Read(RECORDS, asked or DAY, tuple(bodies), **members)


def played(*reads: Read, journal: list[dict[str, Any]] | None = None) -> Evidence:
    return Played(journal if journal is not None else SENT, reads=reads).evidence()


@pytest.mark.parametrize(
    ("pages", "ok"),
    [
        ((LISTED,), True),
        ((LISTED[:2], LISTED[2:]), True),
        ((LISTED[:2],), False),
        ((LISTED[:2], LISTED[1:]), False),
        (([*LISTED, shown(record("rec-z"))],), False),
    ],
)
def test_every_reported_record_is_listed_once(pages: tuple[list[dict[str, Any]], ...], ok: bool) -> None:
    assert outcomes(lists_every_record_once(played(read(*pages)))) == [ok]


def test_only_what_belongs_to_the_day_is_wanted() -> None:
    other = {"business_day": "2026-03-01"}
    assert outcomes(lists_every_record_once(played(read([], asked=other)))) == [True]
    assert outcomes(keeps_to_day_and_scheme(played(read(LISTED, asked=other)))) == [False]
    assert outcomes(keeps_to_day_and_scheme(played(read(LISTED, asked=DAY | {"scheme": "PV"})))) == [False]
    assert outcomes(keeps_to_day_and_scheme(played(read(LISTED)))) == [True]


def test_the_order_is_that_of_the_bytes() -> None:
    assert outcomes(lists_in_ascending_order(played(read(LISTED)))) == [True]
    assert outcomes(lists_in_ascending_order(played(read(LISTED[::-1])))) == [False]
    upper = [shown(record("rec-B")), shown(record("rec-a"))]
    assert outcomes(lists_in_ascending_order(played(read(upper)))) == [True]


@pytest.mark.parametrize(
    ("item", "ok"),
    [
        (shown(A), True),
        (shown(A, remark="一"), True),
        (shown(A, "held"), False),
        (shown(A, reduction_kg="1.5"), False),
        (shown(A, receipt_id="rcp-9"), False),
    ],
)
def test_a_record_is_told_as_it_was_sent(item: dict[str, Any], ok: bool) -> None:
    assert outcomes(tells_content_and_current_verdict(played(read([item])))) == [ok]


@pytest.mark.parametrize(("verdict", "ok"), [("held", False), ("accepted", True)])
def test_the_verdict_is_that_of_the_moment(verdict: str, ok: bool) -> None:
    journal = [*SENT, decides(2, "rec-b", "accepted")]
    evidence = played(read([shown(B, verdict)]), journal=journal)
    assert outcomes(tells_content_and_current_verdict(evidence)) == [ok]


@pytest.mark.parametrize(("verdict", "ok"), [("accepted", False), ("rejected", True)])
def test_of_two_decisions_the_later_by_sequence_counts(verdict: str, ok: bool) -> None:
    journal = [*SENT, decides(2, "rec-b", "rejected", 8), decides(3, "rec-b", "accepted", 7)]
    evidence = played(read([shown(B, verdict)]), journal=journal)
    assert outcomes(tells_content_and_current_verdict(evidence)) == [ok]


@pytest.mark.parametrize(
    ("list_read", "ok"),
    [
        (read(LISTED), True),
        (read(LISTED, asked=DAY | {"limit": "2"}), False),
        (read(LISTED, ended=False), False),
        (read([], status=404), False),
    ],
)
def test_a_list_is_read_to_its_end(list_read: Read, ok: bool) -> None:
    assert outcomes(pages_to_the_end(played(list_read))) == [ok]


def line(**members: Any) -> dict[str, Any]:
    """The line that the three records come to."""
    return {
        "business_day": "2026-02-01",
        "scheme": "HOME",
        "records": 3,
        "accepted": 1,
        "held": 1,
        "rejected": 1,
        "reduction_kg": "1.500000",
    } | members


def summed(*lines: dict[str, Any], first: str = "2026-01-01") -> Evidence:
    asked = {"from": first, "to": "2026-02-28"}
    return played(Read(SUMMARIES, asked, ({"summaries": list(lines)},)))


@pytest.mark.parametrize(
    ("lines", "seen"),
    [
        ([line()], [True]),
        ([], [False]),
        ([line(reduction_kg="3.000000")], [False]),
        ([line(reduction_kg=1.5)], [False]),
        ([line(held=2)], [False]),
        ([line(), line(business_day="2026-02-02")], [True, False]),
    ],
)
def test_sums_are_those_of_the_accepted_records(lines: list[dict[str, Any]], seen: list[bool]) -> None:
    assert outcomes(sums_equal_the_records(summed(*lines))) == seen


def test_a_span_without_records_has_no_line() -> None:
    assert outcomes(sums_equal_the_records(summed(first="2026-02-02"))) == []


def test_lines_come_once_and_in_order() -> None:
    other = line(scheme="PV")
    assert outcomes(lists_each_day_once_in_order(summed(line(), other))) == [True]
    assert outcomes(lists_each_day_once_in_order(summed(other, line()))) == [False]
    assert outcomes(lists_each_day_once_in_order(summed(line(), line()))) == [False]
