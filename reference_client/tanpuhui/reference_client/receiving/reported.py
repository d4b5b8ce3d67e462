"""What the scenario lets the platform read: its reported records and their sums by day (WRT-014, WRT-015)."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tanpuhui.reference_client.receiving.answering import json_answer
from tanpuhui.spec.element import schemes
from tanpuhui.spec.problem import PlaceError
from tanpuhui.spec.quantity import decimal_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tanpuhui.reference_client.keeping.reportbook import DaySummary, ReportBook, ReportedRecord
    from tanpuhui.reference_client.receiving.reception import Reception
    from tanpuhui.spec.message import HttpRequest, HttpResponse

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COUNT = re.compile(r"[0-9]{1,9}")
_USUAL_LIMIT = 100
_PRECISION = 6


class _Malformed(ValueError):
    """参数不合规定 / A parameter is not as the interface document says; it is named and not quoted."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Asked:
    """What a listing is asked for: its filters, where it goes on, and how much of it."""

    filters: Mapping[str, str]
    after: tuple[str, ...]
    limit: int


class Reported:
    """Answers from the outbox; each method is one decision."""

    def __init__(self, reception: Reception, book: ReportBook) -> None:
        self.reception, self.book = reception, book

    def records(self, request: HttpRequest) -> HttpResponse:
        """The reported records of a day, complete, once each, in the order of their ids (WRT-014)."""

        def page(asked: Asked) -> HttpResponse:
            found = self.found_records(asked)
            places = [(row.record_id,) for row in found]
            return self.page(request, asked, ("records", [self.record(row) for row in found]), places)

        return self._answered(request, {"business_day": _a_day}, ("",), page)

    def summaries(self, request: HttpRequest) -> HttpResponse:
        """The sums of the days in a span (WRT-015)."""

        def page(asked: Asked) -> HttpResponse:
            if asked.filters["from"] > asked.filters["to"]:
                raise _Malformed("from")
            found = self.found_summaries(asked)
            places = [(row.business_day, row.scheme) for row in found]
            return self.page(request, asked, ("summaries", [self.summary(row) for row in found]), places)

        return self._answered(request, {"from": _a_day, "to": _a_day}, ("", ""), page)

    def found_records(self, asked: Asked) -> Sequence[ReportedRecord]:
        """The records of a page, and one more where there is a next page."""
        (after,) = asked.after
        filters = asked.filters
        return self.book.records(filters["business_day"], filters.get("scheme"), after, asked.limit + 1)

    def found_summaries(self, asked: Asked) -> Sequence[DaySummary]:
        """The days of a page, and one more where there is a next page."""
        day, scheme = asked.after
        span = asked.filters["from"], asked.filters["to"]
        return self.book.summaries(span, asked.filters.get("scheme"), (day, scheme), asked.limit + 1)

    def record(self, row: ReportedRecord) -> dict[str, Any]:
        """A record as it went out, with its present verdict."""
        return {**row.content, "verdict": row.verdict, "receipt_id": row.receipt_id}

    def summary(self, row: DaySummary) -> dict[str, Any]:
        """One day and scheme."""
        return {
            "business_day": row.business_day,
            "scheme": row.scheme,
            "records": row.records,
            "accepted": row.accepted,
            "held": row.held,
            "rejected": row.rejected,
            "reduction_kg": decimal_text(row.reduction_kg, _PRECISION),
        }

    def page(
        self,
        request: HttpRequest,
        asked: Asked,
        listing: tuple[str, Sequence[Any]],
        places: Sequence[tuple[str, ...]],
    ) -> HttpResponse:
        """One page, and where the next one is; more records that come in meanwhile move nothing."""
        name, items = listing
        following = {}
        if len(items) > asked.limit:
            cursor = _written(asked.filters, places[asked.limit - 1])
            query = urlencode({**asked.filters, "cursor": cursor, "limit": asked.limit})
            following = {"next": f"{request.url.partition('?')[0]}?{query}"}
        return json_answer({name: list(items[: asked.limit]), **following})

    def limit(self, given: str | None) -> int:
        """How many items a page has."""
        most = self.reception.doorkeeper.limits.page_max_items
        if given is None:
            return min(_USUAL_LIMIT, most)
        if _COUNT.fullmatch(given) is None or not 1 <= int(given) <= most:
            raise _Malformed("limit")
        return int(given)

    def _answered(
        self,
        request: HttpRequest,
        needed: Mapping[str, Callable[[str, str], str]],
        start: tuple[str, ...],
        page: Callable[[Asked], HttpResponse],
    ) -> HttpResponse:
        refusal = self.reception.refusal(request)
        if refusal is not None:
            return refusal
        try:
            return page(self._asked(request, needed, start))
        except _Malformed as wrong:
            place = PlaceError(
                f"/query/{wrong.name}", "form", "不合接口文档 / not as the interface document says"
            )
            return self.reception.problem("parameter-invalid", (place,))

    def _asked(
        self, request: HttpRequest, needed: Mapping[str, Callable[[str, str], str]], start: tuple[str, ...]
    ) -> Asked:
        given = _query(request.url)
        filters = {name: form(name, given.get(name, "")) for name, form in needed.items()}
        if "scheme" in given:
            filters["scheme"] = _a_scheme("scheme", given["scheme"])
        after = _read(given["cursor"], filters, len(start)) if "cursor" in given else start
        return Asked(filters, after, self.limit(given.get("limit")))


def _query(url: str) -> dict[str, str]:
    text = urlsplit(url).query
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), errors="strict")
    except ValueError:
        raise _Malformed("") from None
    if len(dict(pairs)) != len(pairs):
        raise _Malformed("")
    return dict(pairs)


def _a_day(name: str, text: str) -> str:
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise _Malformed(name)


def _a_scheme(name: str, text: str) -> str:
    if text not in schemes():
        raise _Malformed(name)
    return text


def _written(filters: Mapping[str, str], place: tuple[str, ...]) -> str:
    text = json.dumps([sorted(filters.items()), *place])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, filters: Mapping[str, str], parts: int) -> tuple[str, ...]:
    """The place that a cursor of this very listing stands for; any other cursor is refused."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        written, *place = json.loads(text)
    except (ValueError, TypeError):
        raise _Malformed("cursor") from None
    known = written == [list(item) for item in sorted(filters.items())]
    if not known or len(place) != parts or not all(isinstance(part, str) for part in place):
        raise _Malformed("cursor")
    return tuple(place)
