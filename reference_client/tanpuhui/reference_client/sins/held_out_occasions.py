"""按条文写成的缺陷，须有合适的时机才会发作 / Sins written from the law alone, which need an occasion to act."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, timedelta
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from tanpuhui.reference_client.keeping.reportbook import DaySummary
from tanpuhui.reference_client.receiving.reception import Reception
from tanpuhui.reference_client.receiving.reported import Reported
from tanpuhui.reference_client.recipes.ev import EvRecipe
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.business_time import business_day, day_span, parse_instant
from tanpuhui.spec.ev_day import Trip, summarise_day
from tanpuhui.spec.message import HttpResponse
from tanpuhui.spec.strict_json import StrictJsonError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tanpuhui.reference_client.keeping.reportbook import ReportedRecord
    from tanpuhui.reference_client.receiving.reported import Asked
    from tanpuhui.reference_client.recipes.ev import EvDayPart
    from tanpuhui.spec.ev_day import EvDay
    from tanpuhui.spec.message import HttpRequest, HttpResponse

_TICK = timedelta(microseconds=1)
_FOUR_PLACES, _SIX_PLACES = Decimal("0.0001"), Decimal("0.000001")
T = TypeVar("T")
_LOSSES, _PACK, _RESERVE_SECONDS = 2, 32, 60
_SEVEN_DIGITS = Context(prec=7)
_ALL = 1_000_000_000


@breaks("DEV-001", "names-device-and-state", scene="truth")
class RanksFlagsByAlphabet(Witnessed, EvRecipe):
    """多种标记时按字母取一种 / Of several flags takes the first by the alphabet."""

    def summary(self, activity: Mapping[str, Any], part: EvDayPart) -> EvDay:
        day = super().summary(activity, part)
        flag = min({trip.state for trip in part.trips} - {"N"}, default="N")
        if flag != day.device_state:
            self.fired()
        return replace(day, device_state=flag)


@breaks("IND-006", "sums-the-trips-of-a-day", scene="truth")
class PutsMidnightTripsIntoTheEve(Witnessed, EvRecipe):
    """零时整开始的行程算作前一日 / Counts a trip that starts at midnight sharp to the day before."""

    def day(self, trip: Trip) -> date:
        if trip.start != day_span(business_day(trip.start))[0]:
            return super().day(trip)
        self.fired()
        return business_day(trip.start - _TICK)

    def summary(self, activity: Mapping[str, Any], part: EvDayPart) -> EvDay:  # noqa: ARG002
        day = business_day(part.start)
        moved = [trip if business_day(trip.start) == day else _earlier(trip) for trip in part.trips]
        return summarise_day(moved, day)


@breaks("WRT-014", "keeps-to-day-and-scheme")
class ForgetsTheSchemeOnTheNextPage(Witnessed, Reported):
    """下一页地址中没有场景类型 / Leaves the scheme out of the next page's address."""

    def page(
        self,
        request: HttpRequest,
        asked: Asked,
        listing: tuple[str, Sequence[Any]],
        places: Sequence[tuple[str, ...]],
    ) -> HttpResponse:
        if "scheme" in asked.filters and len(listing[1]) > asked.limit:
            self.fired()
            kept = {name: value for name, value in asked.filters.items() if name != "scheme"}
            asked = replace(asked, filters=kept)
        return super().page(request, asked, listing, places)


@breaks("WRT-015", "sums-equal-the-records")
class SumsByUtcDay(Witnessed, Reported):
    """单次活动按 UTC 日期汇总 / Sums single activities by their UTC date."""

    def found_summaries(self, asked: Asked) -> Sequence[DaySummary]:
        by_day: dict[tuple[str, str], list[ReportedRecord]] = defaultdict(list)
        for row in self.rows(asked):
            by_day[self.day(row), row.content["scheme"]].append(row)
        first, last = asked.filters["from"], asked.filters["to"]
        made = (_summed(place, rows) for place, rows in sorted(by_day.items()) if place > asked.after)
        return [one for one in made if first <= one.business_day <= last][: asked.limit + 1]

    def rows(self, asked: Asked) -> Sequence[ReportedRecord]:
        first, last = (date.fromisoformat(asked.filters[name]) for name in ("from", "to"))
        days = (first + timedelta(days=n) for n in range(-1, (last - first).days + 2))
        scheme = asked.filters.get("scheme")
        return [row for day in days for row in self.book.records(str(day), scheme, "", _ALL)]

    def day(self, row: ReportedRecord) -> str:
        usual = str(row.content["business_day"])
        if row.content["granularity"] != "EVENT":
            return usual
        found = str(parse_instant(row.content["activity_start"]).astimezone(UTC).date())
        if found != usual:
            self.fired()
        return found


@breaks("API-006", "refuses-json-that-is-not-strict")
class SeesDuplicatesAtTheTopOnly(Witnessed, Reception):
    """只查顶层的重复成员 / Looks for duplicate members at the top level only."""

    def parse(self, body: bytes) -> Any:
        try:
            return super().parse(body)
        except StrictJsonError:
            value = _of_single_top(body)
            if value is None:
                raise
        self.fired()
        return value


def _earlier(trip: Trip) -> Trip:
    return replace(trip, start=trip.start - _TICK)


def _summed(place: tuple[str, str], rows: Sequence[ReportedRecord]) -> DaySummary:
    verdicts = [row.verdict for row in rows]
    accepted, held, rejected = (verdicts.count(verdict) for verdict in ("accepted", "held", "rejected"))
    claimed = (Decimal(row.content["reduction_kg"]) for row in rows if row.verdict == "accepted")
    return DaySummary(*place, len(rows), accepted, held, rejected, sum(claimed, Decimal(0)))


def _of_single_top(body: bytes) -> Any:
    """The value where only members below the top are repeated."""
    seen: list[bool] = []

    def built(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        seen.append(len(dict(pairs)) == len(pairs))
        return dict(pairs)

    try:
        value = json.loads(body.decode(), object_pairs_hook=built)
    except ValueError:
        return None
    return value if seen and seen[-1] and not all(seen) else None
