"""第 6 章 接口的缺陷 / Sins against clause 6, the interface."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.calling.answers import Discovery
from tanpuhui.reference_client.calling.conversation import WELL_KNOWN, Conversation
from tanpuhui.reference_client.calling.errors import InvalidAnswer, Refused, Text
from tanpuhui.reference_client.calling.operations import Operations
from tanpuhui.reference_client.calling.outcome import answer_json
from tanpuhui.reference_client.calling.steps import Call
from tanpuhui.reference_client.receiving.answering import empty_answer, json_answer
from tanpuhui.reference_client.receiving.reception import Reception
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.limits import default_limits, default_times
from tanpuhui.spec.message import HttpResponse
from tanpuhui.spec.problem import PlaceError
from tanpuhui.spec.strict_json import dump_json, parse_json

if TYPE_CHECKING:
    from tanpuhui.reference_client.calling.answers import Link, LinkPage, RecordPage
    from tanpuhui.reference_client.calling.devices import DevicePage
    from tanpuhui.reference_client.calling.steps import Steps
    from tanpuhui.spec.message import HttpRequest

LINK_PAGE = frozenset({"links", "next"})
EVENT = frozenset(
    {"specversion", "id", "source", "type", "subject", "time", "datacontenttype", "sequence", "data"}
)
MALFORMED = 422
PROBLEMS = "answers-errors-with-registered-problems"


@breaks("API-002", "discovers-before-anything-else", scene="first_report")
class KnowsThePlatformByHeart(Witnessed, Conversation):
    """不读发现文档，地址和参数写死 / Skips discovery, with addresses and parameters typed in."""

    def discover(self) -> Steps[Discovery]:
        self.fired()
        issuer = self.party.identity.discovery_url.removesuffix(WELL_KNOWN)
        addresses = (issuer, f"{issuer}/v1", f"{issuer}/oauth/token", f"{issuer}/jwks")
        found = Discovery(*addresses, self.clock.now(), default_limits(), default_times(), ())
        self.party.around.known.discovery = found
        yield from ()
        return found


@breaks("API-002", "calls-only-what-is-advertised", scene="first_report")
class GuessesAnAddress(Witnessed, Operations):
    """试探没有公布的地址 / Tries an address that nobody advertised."""

    def links(self) -> Steps[tuple[Link, ...]]:
        self.fired()
        discovery = yield from self.conversation.known()
        with suppress(Refused):
            yield from self.conversation.call(Call("ping", "GET", f"{discovery.api_base}/ping"), answer_json)
        return (yield from super().links())


@breaks("API-003", "tolerates-unknown-members")
class RefusesNewMembersInAnswers(Witnessed, Operations):
    """应答中有不认识的成员即中止 / Stops at an answer with a member that it does not know."""

    def links(self) -> Steps[tuple[Link, ...]]:
        discovery = yield from self.conversation.known()
        call = Call("listLinks", "GET", f"{discovery.api_base}/links")
        page = (yield from self.conversation.call(call, answer_json)).value
        if set(page) - LINK_PAGE:
            self.fired()
            raise InvalidAnswer(Text("成员不认识", "a member that is not known"), "API-003")
        return (yield from super().links())


@breaks("API-003", "tolerates-unknown-members")
class RefusesNewMembersInEvents(Witnessed, Reception):
    """事件中有不认识的成员即拒绝 / Refuses an event with a member that it does not know."""

    def faults(self, event: Any) -> tuple[PlaceError, ...]:
        found = super().faults(event)
        if found or not set(event) - EVENT:
            return found
        self.fired()
        return (PlaceError("/", "unknown", "不认识的成员 / a member that is not known"),)


@breaks("API-003", "tolerates-unknown-members")
class BreaksOnNewMembers(Witnessed, Reception):
    """事件中有不认识的成员即内部错误 / Answers an event with a member that it does not know by 500."""

    def accept(self, event: Any) -> None:
        if set(event) - EVENT:
            self.fired()
            raise InvalidAnswer(Text("成员不认识", "a member that is not known"), "API-003")
        super().accept(event)


@breaks("API-005", PROBLEMS, scene="event_attacks")
class AnswersErrorsAsText(Witnessed, Reception):
    """错误应答用 text/plain / Answers errors as plain text."""

    def problem(self, code: str, errors: tuple[PlaceError, ...] = ()) -> HttpResponse:
        self.fired()
        answer = super().problem(code, errors)
        return HttpResponse(answer.status, (("content-type", "text/plain"),), b"refused")


@breaks("API-005", PROBLEMS, scene="event_attacks")
class CoinsItsOwnProblems(Witnessed, Reception):
    """错误类型不在注册表中 / Answers errors with types of its own."""

    def problem(self, code: str, errors: tuple[PlaceError, ...] = ()) -> HttpResponse:
        self.fired()
        answer = super().problem(code, errors)
        body = parse_json(answer.body) | {"type": "about:blank"}
        return HttpResponse(answer.status, answer.headers, dump_json(body))


@breaks("API-007", "follows-next-to-the-end")
class ReadsTheFirstPageOnly(Witnessed, Operations):
    """只读第一页 / Reads the first page only."""

    def next_page(self, page: LinkPage | RecordPage | DevicePage, seen: set[str]) -> str | None:  # noqa: ARG002
        if page.next is not None:
            self.fired()
        return None


@breaks("API-008", "tells-its-health")
class HidesItsVersion(Witnessed, Reception):
    """健康检查不说软件版本 / Does not tell its software version."""

    def health_members(self, scenario_id: str, condition: str) -> dict[str, Any]:
        self.fired()
        told = super().health_members(scenario_id, condition)
        return {name: value for name, value in told.items() if name != "software"}


@breaks("API-008", "tells-its-health")
class ClaimsAnotherEdition(Witnessed, Reception):
    """健康检查说的是另一版本 / Claims another edition than it implements."""

    def health_members(self, scenario_id: str, condition: str) -> dict[str, Any]:
        self.fired()
        return super().health_members(scenario_id, condition) | {"edition": "2023.1"}


@breaks("API-009", "get-health-answers-as-documented")
class TellsTimeInSeconds(Witnessed, Reception):
    """健康检查的时间写成秒数 / Tells its time as a number of seconds."""

    def health_members(self, scenario_id: str, condition: str) -> dict[str, Any]:
        self.fired()
        now = int(self.doorkeeper.around.clock.now().timestamp())
        return super().health_members(scenario_id, condition) | {"time": now}


@breaks("API-009", "receive-event-answers-as-documented")
class AcknowledgesWithABody(Witnessed, Reception):
    """以 200 和正文确认事件 / Acknowledges events with 200 and a body."""

    def receive_event(self, request: HttpRequest) -> HttpResponse:
        answer = super().receive_event(request)
        if answer.status != empty_answer().status:
            return answer
        self.fired()
        return json_answer({"result": "success"})


@breaks("API-009", "receive-event-answers-as-documented")
class AcceptsMalformedEvents(Witnessed, Reception):
    """不检查事件结构 / Acknowledges events that lack what the document demands."""

    def receive_event(self, request: HttpRequest) -> HttpResponse:
        answer = super().receive_event(request)
        if answer.status != MALFORMED:
            return answer
        self.fired()
        return empty_answer()
