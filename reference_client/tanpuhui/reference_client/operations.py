"""The platform's operations, one method each, told as steps; nothing here sends or waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from tanpuhui.reference_client.answers import (
    BatchAnswer,
    EventPage,
    LinkPage,
    MethodologyList,
    RecordPage,
    ScenarioProfile,
    Submission,
)
from tanpuhui.reference_client.errors import InvalidAnswer, Text
from tanpuhui.reference_client.outcome import answer_json, json_as
from tanpuhui.reference_client.reading import read
from tanpuhui.reference_client.steps import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tanpuhui.reference_client.answers import Link, Methodology
    from tanpuhui.reference_client.conversation import Conversation
    from tanpuhui.reference_client.steps import Steps
    from tanpuhui.spec.message import HttpResponse

T = TypeVar("T")
P = TypeVar("P", LinkPage, RecordPage)


class Operations:
    """What a scenario can ask of the platform."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation

    def scenario(self) -> Steps[ScenarioProfile]:
        """This scenario as the platform knows it."""
        return (yield from self._get("getScenario", "/scenario", json_as(ScenarioProfile)))

    def links(self) -> Steps[tuple[Link, ...]]:
        """All links, page by page (API-007)."""
        pages = yield from self._pages("listLinks", "/links", LinkPage, {})
        return tuple(link for page in pages for link in page.links)

    def methodologies(self) -> Steps[tuple[Methodology, ...]]:
        """The methodologies and parameter sets that the platform accounts by."""
        return (
            yield from self._get("listMethodologies", "/methodologies", json_as(MethodologyList))
        ).methodologies

    def submit_batch(
        self, body: bytes, idempotency_key: str, *, count: int, failures: int = 0
    ) -> Steps[Submission]:
        """Sends a batch until it has one verdict for each of its records (CAL-002, CAL-003, WRT-004)."""
        discovery = yield from self.conversation.known()
        address = f"{discovery.api_base}/activity-batches"
        call = Call("submitBatch", "POST", address, body, idempotency_key, failures)
        done = yield from self.conversation.call(call, lambda answer: _batch_answer(answer, count))
        return Submission(done.value, done.receipt)

    def records(self, business_day: str | None = None) -> Steps[tuple[Mapping[str, Any], ...]]:
        """This scenario's records as the platform keeps them, of one business day or all."""
        query = {"business_day": business_day} if business_day else {}
        pages = yield from self._pages("listRecords", "/records", RecordPage, query)
        return tuple(record for page in pages for record in page.records)

    def record(self, record_id: str) -> Steps[Mapping[str, Any]]:
        """One record as the platform keeps it."""
        return (yield from self._get("getRecord", f"/records/{quote(record_id, safe='')}", _object))

    def events(self, after: int) -> Steps[EventPage]:
        """The events of the feed that follow a sequence number (EVT-005)."""
        return (
            yield from self._get("listEvents", f"/events?{urlencode({'after': after})}", json_as(EventPage))
        )

    def next_page(self, page: P, seen: set[str]) -> str | None:
        """Where the list goes on: only ever at the platform's own address, and never in a circle."""
        base = urlsplit(self.conversation.discovery.api_base) if self.conversation.discovery else None
        if page.next is None:
            return None
        if base is None or urlsplit(page.next)[:2] != base[:2] or page.next in seen:
            raise InvalidAnswer(
                Text("下一页地址不可信", "the address of the next page is not to be trusted"), "API-007"
            )
        seen.add(page.next)
        return page.next

    def _pages(self, operation: str, path: str, kind: type[P], query: Mapping[str, Any]) -> Steps[list[P]]:
        discovery = yield from self.conversation.known()
        asked = {**query, "limit": discovery.limits.page_max_items}
        address: str | None = f"{discovery.api_base}{path}?{urlencode(asked)}"
        seen: set[str] = set()
        pages: list[P] = []
        while address is not None:
            done = yield from self.conversation.call(Call(operation, "GET", address), json_as(kind))
            pages.append(done.value)
            address = self.next_page(done.value, seen)
        return pages

    def _get(self, operation: str, path: str, reader: Callable[[HttpResponse], T]) -> Steps[T]:
        discovery = yield from self.conversation.known()
        call = Call(operation, "GET", discovery.api_base + path)
        return (yield from self.conversation.call(call, reader)).value


def _object(answer: HttpResponse) -> Mapping[str, Any]:
    found = answer_json(answer)
    if not isinstance(found, dict):
        raise InvalidAnswer(Text("平台应答不是对象", "the platform's answer is no object"), "platform.yaml")
    return found


def _batch_answer(answer: HttpResponse, count: int) -> BatchAnswer:
    found = read(BatchAnswer, answer_json(answer))
    if [verdict.index for verdict in found.verdicts] != list(range(count)):
        raise InvalidAnswer(
            Text("结论与提交的记录不是逐条对应", "the verdicts do not match the records one by one"),
            "WRT-004",
        )
    return found
