"""第 9.6 节 日汇总，与已报记录核对 / Clause 9.6: the sums of days, held to the reported records."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.check import check
from tanpuhui.conformance.checks.reported_records import SCENES, asked_words, belongs, where, whole_lists
from tanpuhui.conformance.checks.saying import saw
from tanpuhui.conformance.driving.perusal import SUMMARIES
from tanpuhui.conformance.recording.listing import OnBook, on_book

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.verdict import Observation

COUNTED = ("records", "accepted", "held", "rejected")
Sum = tuple[int, int, int, int, Decimal | None]
"""Records, of them accepted, held and rejected, and the reductions of the accepted."""


@check("WRT-015", "sums-equal-the-records", scenes=SCENES)
def sums_equal_the_records(evidence: Evidence) -> Iterator[Observation]:
    """日汇总等于已报记录的合计 / Day sums equal what the reported records come to."""
    for scene, listing in whole_lists(evidence, SUMMARIES):
        wanted = _sums(it for it in on_book(scene, listing.pages[0].seq).values() if belongs(it, listing))
        mine = {_day(item): _sum_of(item) for item in listing.items("summaries")}
        for day in sorted(set(wanted) | set(mine)):
            ok = mine.get(day) == wanted.get(day)
            yield saw(
                f"{' '.join(day)}：{_sum_words(wanted.get(day))}",
                _sum_words(mine.get(day)) if not ok else "一致 / it does",
                ok=ok,
                at=where(listing),
            )


@check("WRT-015", "lists-each-day-once-in-order", scenes=SCENES)
def lists_each_day_once_in_order(evidence: Evidence) -> Iterator[Observation]:
    """每个业务日、每种场景类型一行，升序 / One line for each day and scheme, in ascending order."""
    for _, listing in whole_lists(evidence, SUMMARIES):
        days = [_day(item) for item in listing.items("summaries")]
        ok = all(one < other for one, other in pairwise(days))
        yield saw(
            f"{asked_words(listing)}：各一行，升序 / one line each, in ascending order",
            "如此 / so it is" if ok else "重复或次序不对 / repeated, or in another order",
            ok=ok,
            at=where(listing),
        )


def _sums(booked: Iterable[OnBook]) -> dict[tuple[str, str], Sum]:
    by_day: dict[tuple[str, str], list[OnBook]] = defaultdict(list)
    for one in booked:
        by_day[_day(one.record)].append(one)
    return {day: _sum(ones) for day, ones in by_day.items()}


def _sum(ones: list[OnBook]) -> Sum:
    counted = Counter(one.verdict for one in ones)
    earned = (Decimal(one.record["reduction_kg"]) for one in ones if one.verdict == "accepted")
    return (
        len(ones),
        counted["accepted"],
        counted["held"],
        counted["rejected"],
        sum(earned, Decimal(0)),
    )


def _sum_of(item: Mapping[str, Any]) -> Sum:
    records, accepted, held, rejected = (_count(item.get(name)) for name in COUNTED)
    return records, accepted, held, rejected, _decimal(item.get("reduction_kg"))


def _sum_words(sums: Sum | None) -> str:
    if sums is None:
        return "没有 / none"
    records, accepted, held, rejected, kilograms = sums
    counts = f"{records} = {accepted} + {held} + {rejected}"
    return f"{counts} 条，{kilograms} kg / {counts} records, {kilograms} kg"


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def _decimal(value: object) -> Decimal | None:
    """The figure, where it is decimal text as the law wants it."""
    try:
        return Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return None


def _day(item: Mapping[str, Any]) -> tuple[str, str]:
    return str(item.get("business_day")), str(item.get("scheme"))
