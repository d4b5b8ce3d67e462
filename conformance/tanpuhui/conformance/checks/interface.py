"""第 6 章 接口设计：先读发现文档，容忍新成员，读完各页 / Clause 6: discover first, tolerate what is new, read to the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from tanpuhui.conformance.check import EVERY, check
from tanpuhui.conformance.checks.receiving import tried
from tanpuhui.conformance.checks.saying import saw
from tanpuhui.conformance.checks.withholding import reported_when_due
from tanpuhui.spec.edition import edition
from tanpuhui.spec.problem import MEDIA_TYPE, code_of, problem_type

if TYPE_CHECKING:
    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.recording.exchange import Exchange
    from tanpuhui.conformance.verdict import Observation

OK = 200
IN_VAIN = ("event_attacks", "reported_records", "server_contract")
"""Where the scenario is asked what it must refuse."""

HEALTH = ("status", "edition", "scenario_id", "software", "time")


@check("API-002", "discovers-before-anything-else", scenes=EVERY)
def discovers_before_anything_else(evidence: Evidence) -> Iterator[Observation]:
    """首次调用前读取发现文档 / Reads the discovery document before its first call."""
    for scene in evidence.scenes:
        calls = scene.calls()
        if calls:
            first = calls[0].operation
            yield saw(
                "第一次调用是 getDiscovery / the first call is getDiscovery",
                f"第一次调用是 {first or '未知接口'} / the first call is {first or 'no known operation'}",
                ok=first == "getDiscovery",
                at=calls[0].seq,
            )


@check("API-002", "calls-only-what-is-advertised", scenes=EVERY)
def calls_only_what_is_advertised(evidence: Evidence) -> Iterator[Observation]:
    """只调用公布的地址 / Calls only addresses that are advertised."""
    for scene in evidence.scenes:
        for call in scene.calls():
            ok = call.operation is not None
            yield saw(
                "公布的接口 / an advertised operation",
                str(call.operation) if ok else "平台没有这个接口 / the platform has no such operation",
                ok=ok,
                at=call.seq,
            )


@check("API-003", "tolerates-unknown-members", scenes=("unknown_members",))
def tolerates_unknown_members(evidence: Evidence) -> Iterator[Observation]:
    """应答和事件中有不认识的成员时照常工作 / Works as usual where answers and events have unknown members."""
    for scene in evidence.scenes:
        yield from reported_when_due(scene)
        for delivery in scene.deliveries:
            yield saw(
                "照常确认事件 / acknowledges the event as usual",
                f"{delivery.exchange.status}",
                ok=delivery.acknowledged,
                at=delivery.exchange.seq,
            )


@check("API-005", "answers-errors-with-registered-problems", scenes=IN_VAIN)
def answers_errors_with_registered_problems(evidence: Evidence) -> Iterator[Observation]:
    """错误应答为登记的问题类型 / Error answers are problems of the registry."""
    for exchange in evidence.exchanges:
        if not exchange.inbound and exchange.refused:
            word = _problem_departure(exchange)
            yield saw(
                f"{MEDIA_TYPE}，type 取自附录 D / {MEDIA_TYPE} with a type of annex D",
                word or "如此 / it is",
                ok=word is None,
                at=exchange.seq,
            )


def _problem_departure(exchange: Exchange) -> str | None:
    media = ", ".join(exchange.response.header_values("content-type")) if exchange.response else ""
    if media.partition(";")[0].strip().lower() != MEDIA_TYPE:
        return "媒体类型不是 problem+json / another media type"
    body = exchange.answer.value
    code = code_of(body["type"]) if isinstance(body, Mapping) and isinstance(body.get("type"), str) else None
    if code is None:
        return "type 不在注册表中 / the type is not in the registry"
    if problem_type(code).status != exchange.status or body.get("status") != exchange.status:
        return f"{code} 与状态码 {exchange.status} 不符 / {code} does not go with status {exchange.status}"
    return None


@check("API-007", "follows-next-to-the-end", scenes=("small_batches",))
def follows_next_to_the_end(evidence: Evidence) -> Iterator[Observation]:
    """沿 next 读完各页 / Follows next until there is none."""
    for scene in evidence.scenes:
        calls = scene.calls()
        for call in calls:
            body = call.answer.value if call.answered_ok else None
            following = body.get("next") if isinstance(body, Mapping) else None
            if isinstance(following, str):
                wanted = urljoin(call.request.url, following)
                ok = any(later.request.url == wanted for later in calls if later.seq > call.seq)
                yield saw(
                    "读取下一页 / reads the next page",
                    "已读 / it did" if ok else "没有读 / it did not",
                    ok=ok,
                    at=call.seq,
                )


@check("API-008", "tells-its-health", scenes=("health",))
def tells_its_health(evidence: Evidence) -> Iterator[Observation]:
    """健康检查说明状态、版本和软件 / Health tells condition, edition and software."""
    wanted = edition(evidence.run["edition"]).name
    for scene in evidence.scenes:
        for exchange in (one.exchange for one in tried(scene) if not one.problems):
            body = exchange.answer.value if exchange.status == OK else None
            told = body if isinstance(body, Mapping) else {}
            absent = [name for name in HEALTH if name not in told]
            lacks = "、".join(absent) or ("" if told.get("edition") == wanted else "edition")
            yield saw(
                f"200，含 {'、'.join(HEALTH)} / 200 with {', '.join(HEALTH)}",
                f"{exchange.status}，缺 {lacks} / {exchange.status}, wanting {lacks}"
                if lacks
                else "如此 / so it is",
                ok=not lacks,
                at=exchange.seq,
            )
