"""第 9 章 接收事件的缺陷 / Sins against clause 9: what becomes of events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.calling.waiting import Waiter
from tanpuhui.reference_client.keeping.inbox import Inbox
from tanpuhui.reference_client.receiving.answering import problem_answer
from tanpuhui.reference_client.receiving.reception import Reception
from tanpuhui.reference_client.sending.reporting import Reporting
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.event import event_types
from tanpuhui.spec.strict_json import StrictJsonError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from tanpuhui.spec.message import HttpRequest, HttpResponse

ERRORS = 400
BY_ARRIVAL = 1_000_000
"""Numbers that arrival gives, beyond any sequence of the platform."""

FIGURES, _DIGITS = 9, 7
"""The last number of one figure, and as many figures as compare like the text that they pad."""


@breaks("EVT-002", "acknowledges-in-time", scene="unknown_members")
class TakesItsTime(Witnessed, Reception):
    """确认事件超过公布的时限 / Acknowledges events later than advertised."""

    def accept(self, event: Any) -> None:
        self.fired()
        super().accept(event)
        times = self.doorkeeper.client.operations.conversation.times
        Waiter()(times.event_ack_seconds * 1.2)


@breaks("EVT-002", "receive-event-accepts-whatever-is-valid")
class WantsASubject(Witnessed, Reception):
    """拒绝没有 subject 的有效事件 / Refuses valid events that have no subject."""

    def parse(self, body: bytes) -> Any:
        event = super().parse(body)
        if isinstance(event, dict) and "subject" not in event:
            self.fired()
            raise StrictJsonError("invalid-json", "缺少 subject", "there is no subject")
        return event


@breaks("EVT-003", "acknowledges-a-repeated-event")
class RefusesRepeatedEvents(Witnessed, Reception):
    """以 409 拒绝重复的事件 / Refuses repeated events with 409."""

    def receive_event(self, request: HttpRequest) -> HttpResponse:
        before = self._count()
        answer = super().receive_event(request)
        if answer.status >= ERRORS or self._count() > before:
            return answer
        self.fired()
        return problem_answer("idempotency-key-in-flight", fields=(("retry-after", "1"),))

    def _count(self) -> int:
        return int(self.inbox.store.rows("SELECT count(*) AS n FROM events")[0]["n"])


@breaks("EVT-003", "a-repeated-event-has-no-second-effect")
class LetsRepeatsTakeEffect(Witnessed, Inbox):
    """重复的事件再次生效 / Lets a repeated event take effect again."""

    def accept(self, event: Mapping[str, Any]) -> bool:
        if super().accept(event):
            return True
        self.fired()
        with self.store.changing() as connection:
            self.apply(connection, {**event, "sequence": BY_ARRIVAL + event["sequence"]})
        return False


@breaks("EVT-004", "goes-by-the-sequence")
class GoesByArrival(Witnessed, Inbox):
    """以到达次序为准 / Goes by the order in which events arrive."""

    def apply_link(self, connection: sqlite3.Connection, event: Mapping[str, Any]) -> None:
        self.fired()
        (known,) = connection.execute("SELECT count(*) FROM link_changes").fetchone()
        super().apply_link(connection, {**event, "sequence": BY_ARRIVAL + known})


@breaks("EVT-004", "goes-by-the-sequence")
class ComparesSequencesAsText(Witnessed, Inbox):
    """把序号当作文本比较，10 排在 9 之前 / Compares sequences as text, so that 10 comes before 9."""

    def apply_link(self, connection: sqlite3.Connection, event: Mapping[str, Any]) -> None:
        as_text = int(str(event["sequence"]).ljust(_DIGITS, "0"))
        if event["sequence"] > FIGURES:
            self.fired()
        super().apply_link(connection, {**event, "sequence": as_text})


@breaks("EVT-005", "fetches-what-is-missing")
class IgnoresGaps(Witnessed, Inbox):
    """不理会序号缺口 / Ignores gaps in the sequence."""

    def position(self) -> int:
        (newest,) = self.store.rows("SELECT max(sequence) AS newest FROM events")
        if (newest["newest"] or 0) > super().position():
            self.fired()
        return max(newest["newest"] or 0, super().position())


@breaks("EVT-006", "acknowledges-unknown-types")
class RefusesUnknownTypes(Witnessed, Reception):
    """拒绝不认识的事件类型 / Refuses types of events that it does not know."""

    def parse(self, body: bytes) -> Any:
        event = super().parse(body)
        if isinstance(event, dict) and event.get("type") not in event_types():
            self.fired()
            raise StrictJsonError("invalid-json", "类型不认识", "the type is not known")
        return event


@breaks("LNK-003", "obeys-link-events")
class IgnoresLinkEvents(Witnessed, Inbox):
    """确认连通事件而不照办 / Acknowledges events about links and does nothing about them."""

    def apply_link(self, connection: sqlite3.Connection, event: Mapping[str, Any]) -> None:  # noqa: ARG002
        self.fired()


@breaks("LNK-003", "obeys-link-events")
class ActsFromArrival(Witnessed, Inbox):
    """自收到时而不是自生效时刻起照办 / Acts on events from when they arrive, not from when they take effect."""

    def apply_link(self, connection: sqlite3.Connection, event: Mapping[str, Any]) -> None:
        self.fired()
        data = {**event["data"], "effective_at": event["time"]}
        super().apply_link(connection, {**event, "data": data})


@breaks("EVT-005", "acts-on-what-was-missing")
class FetchesAndForgets(Witnessed, Reporting):
    """读取事件流而不处理 / Reads the feed and does nothing about what it holds."""

    def catch_up(self) -> None:
        self.fired()
        page = self.client.events(self.desk.inbox.position())
        self.desk.inbox.caught_up(page.next_after)
