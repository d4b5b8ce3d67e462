"""供平台读取的接口的缺陷 / Sins of the interface that lets the platform read: whom it lets in, and what it answers."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.receiving.answering import json_answer
from tanpuhui.reference_client.receiving.reported import Reported
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.message import HttpRequest, HttpResponse
from tanpuhui.spec.strict_json import dump_json, parse_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from tanpuhui.reference_client.keeping.reportbook import DaySummary, ReportedRecord

MALFORMED, NOT_FOUND, OK = 400, 404, 200


@breaks("API-009", "refuses-questions-that-cannot-be-asked", scene="reported_records")
class AnswersWhateverIsAsked(Witnessed, Reported):
    """参数不合规定也应答空列表 / Answers questions that cannot be asked with an empty list."""

    def records(self, request: HttpRequest) -> HttpResponse:
        return self._pleased(super().records(request), "records")

    def summaries(self, request: HttpRequest) -> HttpResponse:
        return self._pleased(super().summaries(request), "summaries")

    def _pleased(self, answer: HttpResponse, name: str) -> HttpResponse:
        if answer.status != MALFORMED:
            return answer
        self.fired()
        return json_answer({name: []})


@breaks("API-009", "refuses-questions-that-cannot-be-asked", scene="reported_records")
class TurnsSpansAround(Witnessed, Reported):
    """from 晚于 to 时对调 / Turns a span around that begins after its end."""

    def summaries(self, request: HttpRequest) -> HttpResponse:
        answer = super().summaries(request)
        if answer.status != MALFORMED or b"/query/from" not in answer.body:
            return answer
        self.fired()
        return json_answer({"summaries": []})


@breaks("PRV-003", "errors-repeat-nothing-received", scene="reported_records")
class QuotesWhatWasAsked(Witnessed, Reported):
    """拒绝时回显所问的内容 / Quotes the question when it refuses it."""

    def records(self, request: HttpRequest) -> HttpResponse:
        answer = super().records(request)
        if answer.status != MALFORMED:
            return answer
        self.fired()
        told = parse_json(answer.body) | {"detail": request.url}
        return HttpResponse(answer.status, answer.headers, dump_json(told))


class OpenToAll(Witnessed, Reported):
    """Lets anybody in."""

    def let_in(
        self, request: HttpRequest, answer: Callable[[HttpRequest], HttpResponse], name: str
    ) -> HttpResponse:
        """An empty list in place of a refusal."""
        judged = answer(request)
        if judged.status in {OK, NOT_FOUND} or b"signature" not in judged.body:
            return judged
        self.fired()
        return json_answer({name: []})


@breaks("SIG-007", "list-reported-records-wants-a-good-signature")
class ShowsItsRecordsToAnybody(OpenToAll):
    """任何人都可读取已报记录 / Lets anybody read its records."""

    def records(self, request: HttpRequest) -> HttpResponse:
        return self.let_in(request, super().records, "records")


@breaks("SIG-007", "list-day-summaries-wants-a-good-signature")
class ShowsItsSumsToAnybody(OpenToAll):
    """任何人都可读取日汇总 / Lets anybody read its sums."""

    def summaries(self, request: HttpRequest) -> HttpResponse:
        return self.let_in(request, super().summaries, "summaries")


@breaks("SIG-007", "believes-only-what-is-well-signed", scene="reported_records")
class AnswersReplays(Witnessed, Reported):
    """重放的读取也应答 / Answers a question that is replayed."""

    def records(self, request: HttpRequest) -> HttpResponse:
        judged = super().records(request)
        if b"nonce-replayed" not in judged.body:
            return judged
        self.fired()
        return json_answer({"records": []})


@breaks("API-009", "list-reported-records-answers-as-documented")
class TellsReductionsAsNumbers(Witnessed, Reported):
    """列出的减排量写成数字 / Lists reductions as numbers."""

    def record(self, row: ReportedRecord) -> dict[str, Any]:
        self.fired()
        shown = super().record(row)
        return shown | {"reduction_kg": int(Decimal(shown["reduction_kg"]))}


@breaks("API-009", "list-day-summaries-answers-as-documented")
class CountsInWords(Witnessed, Reported):
    """日汇总的条数写成文本 / Tells the numbers of its sums as text."""

    def summary(self, row: DaySummary) -> dict[str, Any]:
        self.fired()
        return super().summary(row) | {"records": str(row.records)}
