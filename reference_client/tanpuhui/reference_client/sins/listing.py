"""第 9.6 节 已报记录的缺陷：漏、重、次序、筛选、内容 / Sins against clause 9.6: what lists of records hold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.receiving.answering import json_answer
from tanpuhui.reference_client.receiving.reported import Reported
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.strict_json import parse_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tanpuhui.reference_client.keeping.reportbook import ReportedRecord
    from tanpuhui.reference_client.receiving.reported import Asked
    from tanpuhui.spec.message import HttpRequest, HttpResponse

ONCE = "lists-every-record-once"
ORDERED = "lists-in-ascending-order"
KEPT = "keeps-to-day-and-scheme"
TOLD = "tells-content-and-current-verdict"
ACCEPTED, REJECTED = "accepted", "rejected"
EVERYTHING = 1_000_000


@breaks("WRT-014", ONCE)
class DropsTheLastOfAPage(Witnessed, Reported):
    """每页漏掉最后一条 / Drops the last record of every page but the last."""

    def found_records(self, asked: Asked) -> Sequence[ReportedRecord]:
        found = list(super().found_records(asked))
        if len(found) > asked.limit:
            self.fired()
            found[asked.limit - 1] = found[asked.limit - 2] if asked.limit > 1 else found[-1]
        return found


@breaks("WRT-014", ONCE)
class RepeatsAtPageBorders(Witnessed, Reported):
    """翻页处重复一条 / Begins each page with the last record of the one before."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._last: dict[str, ReportedRecord] = {}

    def found_records(self, asked: Asked) -> Sequence[ReportedRecord]:
        found = list(super().found_records(asked))
        before = self._last.get(asked.after[0])
        if len(found) > asked.limit:
            self._last[found[asked.limit - 1].record_id] = found[asked.limit - 1]
        if before is None or asked.limit == 1:
            return found
        self.fired()
        return [before, *found]


@breaks("WRT-014", ONCE)
class HidesRejectedRecords(Witnessed, Reported):
    """不列被拒绝的记录 / Does not list records that were rejected."""

    def found_records(self, asked: Asked) -> Sequence[ReportedRecord]:
        found = super().found_records(replace(asked, limit=EVERYTHING))
        kept = [row for row in found if row.verdict != REJECTED]
        if len(kept) != len(found):
            self.fired()
        return kept[: asked.limit + 1]


@breaks("WRT-014", ORDERED)
class ListsTheLatestFirst(Witnessed, Reported):
    """每页之内倒序 / Lists the records of a page in descending order."""

    def page(
        self,
        request: HttpRequest,
        asked: Asked,
        listing: tuple[str, Sequence[Any]],
        places: Sequence[tuple[str, ...]],
    ) -> HttpResponse:
        answer = super().page(request, asked, listing, places)
        return self._turned(answer) if listing[0] == "records" else answer

    def _turned(self, answer: HttpResponse) -> HttpResponse:
        body = parse_json(answer.body)
        if len(body["records"]) > 1:
            self.fired()
        return json_answer(body | {"records": body["records"][::-1]})


@breaks("WRT-014", KEPT)
class IgnoresTheDay(Witnessed, Reported):
    """不按业务日筛选 / Lists records of other days as well."""

    def found_records(self, asked: Asked) -> Sequence[ReportedRecord]:
        found = list(super().found_records(asked))
        days = self.book.summaries(("2000-01-01", "2999-12-31"), None, ("", ""), EVERYTHING)
        others = (day.business_day for day in days if day.business_day != asked.filters["business_day"])
        other = next(others, None)
        if other is None or len(found) > asked.limit:
            return found
        self.fired()
        return [*found, *self.book.records(other, None, asked.after[0], asked.limit - len(found))]


@breaks("WRT-014", KEPT)
class IgnoresTheScheme(Witnessed, Reported):
    """不按场景类型筛选 / Lists records of other schemes as well."""

    def found_records(self, asked: Asked) -> Sequence[ReportedRecord]:
        if "scheme" in asked.filters:
            self.fired()
        return self.book.records(asked.filters["business_day"], None, asked.after[0], asked.limit + 1)


@breaks("WRT-014", TOLD)
class ShowsTheFirstVerdict(Witnessed, Reported):
    """暂存的记录有了结论仍列为暂存 / Goes on to show records as held after they were decided."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._shown: dict[str, str] = {}

    def record(self, row: ReportedRecord) -> dict[str, Any]:
        first = self._shown.setdefault(row.record_id, row.verdict)
        if first != row.verdict:
            self.fired()
        return super().record(replace(row, verdict=first))


@breaks("WRT-014", TOLD)
class CallsEverythingAccepted(Witnessed, Reported):
    """结论一律写已接受 / Shows every record as accepted."""

    def record(self, row: ReportedRecord) -> dict[str, Any]:
        if row.verdict != ACCEPTED:
            self.fired()
        return super().record(replace(row, verdict=ACCEPTED))


@breaks("WRT-014", TOLD)
class ShowsRoundedReductions(Witnessed, Reported):
    """减排量只列三位小数 / Shows reductions cut to three places."""

    def record(self, row: ReportedRecord) -> dict[str, Any]:
        self.fired()
        shown = super().record(row)
        return shown | {"reduction_kg": shown["reduction_kg"][:-3] + "000"}


@breaks("WRT-014", TOLD)
class NamesNoReceipt(Witnessed, Reported):
    """回执号写记录号 / Names the record's own id in place of its receipt."""

    def record(self, row: ReportedRecord) -> dict[str, Any]:
        self.fired()
        return super().record(replace(row, receipt_id=row.record_id))
