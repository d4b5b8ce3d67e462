"""What every kind of trip is looked at for: its order in time, the midnights it crosses, its duration column."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tanpuhui.reference_client.exports.refusal import Refusal
from tanpuhui.spec.business_time import business_day
from tanpuhui.spec.limits import default_times
from tanpuhui.spec.rule import rules

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from tanpuhui.reference_client.exports.sheet import Cells

_SAME_SECONDS = 2
_MINUTE_SECONDS = 60
_SHORTEST = "duration_min_s"


def span(cells: Cells) -> tuple[datetime, datetime]:
    """Start and end of a row's trip."""
    start = cells.instant("start")
    return start, looked_at(cells, start, cells.instant("end"))


def looked_at(cells: Cells, start: datetime, end: datetime) -> datetime:
    """The end of a trip, once it is known to come after its start."""
    if end < start:
        raise Refusal("ends-before-start")
    note_crossings(cells, start, end)
    note_duration(cells, (end - start).total_seconds())
    return end


def note_crossings(cells: Cells, start: datetime, end: datetime) -> None:
    """Trips that end on another day, in another month or year (IND-004)."""
    first, last = business_day(start), business_day(end)
    if first != last:
        cells.note("crosses-midnight")
    if (first.year, first.month) != (last.year, last.month):
        cells.note("crosses-month")
    if first.year != last.year:
        cells.note("crosses-year")


def note_duration(cells: Cells, seconds: float) -> None:
    """Compares the duration column with the times; a trip that is short by either is short."""
    read = cells.told("duration")
    if read is None:
        return
    told, finest = read
    shortest = shortest_seconds(cells.sheet.heading.layout.scheme)
    if shortest is not None and told < shortest <= seconds:
        raise Refusal("duration-short", f"{shortest:f}")
    difference = abs(float(told) - seconds)
    if difference < max(_SAME_SECONDS, float(finest)):
        return
    coarse = cells.group in cells.sheet.minutes_only and difference < _MINUTE_SECONDS
    if coarse:
        cells.note("minute-resolution", cells.group)
    else:
        cells.note("duration-disagrees")


@cache
def shortest_seconds(scheme: str) -> Decimal | None:
    """How long a trip has to be, by the law's rule for the scheme; none where there is no such rule."""
    bounds = [
        rule.bound(default_times())[_SHORTEST]
        for rule in rules()
        if rule.scheme == scheme and rule.severity == "reject" and _SHORTEST in rule.params
    ]
    return max(bounds, default=None)
