"""第 9 章 回写的效果：乱序、重复之后，连通状态仍然正确 / Clause 9, effects: links are right after disorder and repetition."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.check import check
from tanpuhui.conformance.checks.saying import saw
from tanpuhui.conformance.checks.standing import TAKEN_IN

if TYPE_CHECKING:
    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.recording.recorded_scene import RecordedScene
    from tanpuhui.conformance.truth.expected import Expected
    from tanpuhui.conformance.verdict import Observation

SCENE = ("event_order",)
Deliveries = list[Mapping[str, Any]]


@check("EVT-003", "a-repeated-event-has-no-second-effect", scenes=SCENE, after=TAKEN_IN)
def a_repeated_event_has_no_second_effect(evidence: Evidence) -> Iterator[Observation]:
    """重复的事件不再次生效 / A repeated event has no second effect."""
    for scene in evidence.scenes:
        yield from _right_reports(scene, _links(scene, _repeated))


@check("EVT-004", "goes-by-the-sequence", scenes=SCENE, after=TAKEN_IN)
def goes_by_the_sequence(evidence: Evidence) -> Iterator[Observation]:
    """到达次序不同时以序号为准 / Goes by the sequence where events arrive in another order."""
    for scene in evidence.scenes:
        yield from _right_reports(scene, _links(scene, _disordered))


@check("EVT-005", "acts-on-what-was-missing", scenes=SCENE, after=TAKEN_IN)
def acts_on_what_was_missing(evidence: Evidence) -> Iterator[Observation]:
    """从事件流补取的事件照样生效 / What was fetched from the feed takes effect like any other event."""
    for scene in evidence.scenes:
        missing = {note["missing"] for note in scene.noted("gap")}
        events = (note["event"] for note in scene.noted("event"))
        links = {event["data"]["link_id"] for event in events if event["sequence"] in missing}
        yield from _right_reports(scene, frozenset(links))


def _links(scene: RecordedScene, trait: Callable[[Deliveries], bool]) -> frozenset[str]:
    """The links whose events arrived in that manner."""
    arrived: dict[str, Deliveries] = {}
    for delivery in scene.deliveries:
        link_id = (delivery.event.get("data") or {}).get("link_id")
        if isinstance(link_id, str):
            arrived.setdefault(link_id, []).append(delivery.event)
    return frozenset(link_id for link_id, events in arrived.items() if trait(events))


def _repeated(events: Deliveries) -> bool:
    """Something came twice, and nothing came out of order, which EVT-004 tells."""
    return len(events) > len(_first_arrivals(events)) and not _disordered(events)


def _disordered(events: Deliveries) -> bool:
    return _first_arrivals(events) != sorted(_first_arrivals(events))


def _first_arrivals(events: Deliveries) -> list[int]:
    """The sequence numbers in the order in which each event first came."""
    first: dict[str, int] = {}
    for event in events:
        first.setdefault(event["id"], event["sequence"])
    return list(first.values())


def _right_reports(scene: RecordedScene, links: frozenset[str]) -> Iterator[Observation]:
    """Of these links exactly what is due was reported."""
    reported = {id(one.expected): one.sent.seq for one in scene.reported if one.expected is not None}
    for expected in scene.world.expected:
        if expected.record["link_id"] in links:
            seq = reported.get(id(expected))
            yield _right(expected, seq)


def _right(expected: Expected, seq: int | None) -> Observation:
    zh, en = ("报送", "reported") if expected.due else ("不报送", "not reported")
    return saw(
        f"{zh}：{expected.label.zh} / {en}: {expected.label.en}",
        "没有报送 / not reported" if seq is None else "报送了 / reported",
        ok=expected.due == (seq is not None),
        at=seq,
    )
