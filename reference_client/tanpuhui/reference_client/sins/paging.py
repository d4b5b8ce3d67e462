"""第 9.6 节 翻页的缺陷 / Sins against clause 9.6: how lists are cut into pages."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.receiving.answering import json_answer, problem_answer
from tanpuhui.reference_client.receiving.reported import Reported
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.strict_json import parse_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tanpuhui.reference_client.keeping.reportbook import ReportedRecord
    from tanpuhui.reference_client.receiving.reported import Asked
    from tanpuhui.spec.message import HttpRequest, HttpResponse

PAGED = "pages-to-the-end"
OK = 200
EVERYTHING = 1_000_000


@breaks("WRT-014", PAGED)
class GivesEverythingAtOnce(Witnessed, Reported):
    """不理会每页条数 / Gives everything on one page, whatever was asked for."""

    def limit(self, given: str | None) -> int:
        super().limit(given)
        self.fired()
        return EVERYTHING


@breaks("WRT-014", PAGED)
class CountsPlacesInTheList(Witnessed, Reported):
    """新记录在前，按位次翻页，其间有新记录便原地打转 / Pages by number, newest first: new records make it turn on the spot."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._number: dict[str, int] = defaultdict(int)

    def found_records(self, asked: Asked) -> Sequence[ReportedRecord]:
        filters, begun = asked.filters, asked.after[0]
        whole = self.book.records(filters["business_day"], filters.get("scheme"), "", EVERYTHING)
        newest_first = sorted(whole, key=lambda row: row.record_id, reverse=True)
        place = self._number[begun] if begun else 0
        page = newest_first[place : place + asked.limit + 1]
        if len(page) > asked.limit:
            self._number[page[asked.limit - 1].record_id] = place + asked.limit
        self.fired()
        return page


@breaks("WRT-014", PAGED)
class LosesItsPlace(Witnessed, Reported):
    """下一页的地址指回首页 / Names the first page as the one that follows."""

    def page(
        self,
        request: HttpRequest,
        asked: Asked,
        listing: tuple[str, Sequence[Any]],
        places: Sequence[tuple[str, ...]],
    ) -> HttpResponse:
        body = parse_json(super().page(request, asked, listing, places).body)
        if "next" in body:
            self.fired()
            body["next"] = request.url.partition("&cursor=")[0]
        return json_answer(body)


@breaks("WRT-014", PAGED)
class AnswersEmptyDaysWithNotFound(Witnessed, Reported):
    """没有记录的业务日应答 404 / Answers a day without records with 404."""

    def records(self, request: HttpRequest) -> HttpResponse:
        answer = super().records(request)
        if answer.status != OK or parse_json(answer.body)["records"]:
            return answer
        self.fired()
        return problem_answer("not-found")
