"""第 8、9 章 接收：谁的话可信，说了几次，先后如何 / Clauses 8 and 9, receiving: whom to believe, once, and in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tanpuhui.conformance.check import EVERY, check
from tanpuhui.conformance.checks.saying import saw
from tanpuhui.conformance.driving.attack import ATTACK
from tanpuhui.conformance.verdict import Observation, Text
from tanpuhui.spec.event import event_types

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from tanpuhui.conformance.recording.delivery import Delivery
    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.recording.exchange import Exchange
    from tanpuhui.conformance.recording.recorded_scene import RecordedScene

FORGERY = frozenset(
    {"signature-missing", "signature-invalid", "signature-expired", "nonce-replayed", "digest-mismatch"}
)
NOT_STRICT = frozenset({"invalid-json", "limit-exceeded"})


@dataclass(frozen=True, slots=True)
class Tried:
    """One request of the judge that had to be refused for one of these problems, or accepted where there are none."""

    label: Text
    problems: tuple[str, ...]
    canary: str | None
    exchange: Exchange


def tried(scene: RecordedScene) -> Iterator[Tried]:
    """What was tried in a scene, with its controls."""
    by_seq = {exchange.seq: exchange for exchange in scene.exchanges}
    for note in scene.noted(ATTACK):
        exchange = by_seq.get(note["exchange"])
        if exchange is not None:
            yield Tried(Text(note["zh"], note["en"]), tuple(note["problems"]), note["canary"], exchange)


def refused_for(evidence: Evidence, problems: AbstractSet[str]) -> Iterator[Observation]:
    """Refusals bound to their reason; without its positive control in the same scene a refusal shows nothing."""
    for scene in evidence.scenes:
        attempts = list(tried(scene))
        controls = [one for one in attempts if not one.problems]
        if not controls or not all(one.exchange.answered_ok for one in controls):
            continue
        for one in attempts:
            if one.problems and set(one.problems) <= problems:
                yield _refusal(one)


def _refusal(one: Tried) -> Observation:
    wanted = "、".join(one.problems)
    ok = one.exchange.refused and one.exchange.problem_code in one.problems
    seen = f"{one.exchange.status} {one.exchange.problem_code or ''}".strip()
    return saw(
        f"{one.label.zh}：拒绝，{wanted} / {one.label.en}: refused, {', '.join(one.problems)}",
        f"{seen} / {seen}",
        ok=ok,
        at=one.exchange.seq,
    )


@check("SIG-007", "believes-only-what-is-well-signed", scenes=("event_attacks", "health", "reported_records"))
def believes_only_what_is_well_signed(evidence: Evidence) -> Iterator[Observation]:
    """未签名、他人签名、改动、过期、重放的请求逐一被拒 / Refuses what is unsigned, foreign, altered, stale or replayed."""
    yield from refused_for(evidence, FORGERY)


@check("API-006", "refuses-json-that-is-not-strict", scenes=("event_attacks",))
def refuses_json_that_is_not_strict(evidence: Evidence) -> Iterator[Observation]:
    """拒绝不严格的 JSON / Refuses JSON that is not strict."""
    yield from refused_for(evidence, NOT_STRICT)


@check("EVT-002", "acknowledges-in-time", scenes=EVERY)
def acknowledges_in_time(evidence: Evidence) -> Iterator[Observation]:
    """在公布的时限内以 2xx 确认有效事件 / Acknowledges a valid event with 2xx within the advertised time."""
    for scene in evidence.scenes:
        if scene.stand is None:
            continue
        most = scene.stand.times.event_ack_seconds
        for delivery in _valid_deliveries(scene):
            took = _took(delivery)
            yield saw(
                f"{most:g} 秒内 2xx / 2xx within {most:g} s",
                f"{delivery.exchange.status}，{took:.2f} 秒 / {delivery.exchange.status} after {took:.2f} s",
                ok=delivery.acknowledged and took <= most,
                at=delivery.exchange.seq,
            )


def _took(delivery: Delivery) -> float:
    exchange = delivery.exchange
    return (exchange.answered_at - exchange.at).total_seconds() if exchange.answered_at else float("inf")


def _valid_deliveries(scene: RecordedScene) -> list[Delivery]:
    """What the platform delivered of its own accord, and the judge's controls; no attacks, nothing generated."""
    attacks = {one.exchange.seq for one in tried(scene) if one.problems}
    mine = (it for it in scene.deliveries if it.exchange.seq not in attacks)
    return [it for it in mine if "generated" not in it.exchange.observed]


@check("EVT-003", "acknowledges-a-repeated-event", scenes=("event_order",))
def acknowledges_a_repeated_event(evidence: Evidence) -> Iterator[Observation]:
    """重复的事件照样确认 / Acknowledges a repeated event all the same."""
    for scene in evidence.scenes:
        seen: set[str] = set()
        for delivery in _valid_deliveries(scene):
            if delivery.event_id in seen:
                yield saw(
                    "2xx",
                    f"{delivery.exchange.status}",
                    ok=delivery.acknowledged,
                    at=delivery.exchange.seq,
                )
            seen |= {delivery.event_id} if delivery.event_id and delivery.acknowledged else set()


@check("EVT-005", "fetches-what-is-missing", scenes=("event_order",))
def fetches_what_is_missing(evidence: Evidence) -> Iterator[Observation]:
    """序号有缺口时从事件流补取 / Fetches from the feed what the sequence shows to be missing."""
    for scene in evidence.scenes:
        for note in scene.noted("gap"):
            shown = [it for it in scene.deliveries if (it.event.get("sequence") or 0) > note["missing"]]
            after = min((it.exchange.seq for it in shown), default=None)
            fetched = after is not None and any(
                call.answered_ok and call.answered_at and call.answered_at > shown[0].exchange.at
                for call in scene.calls("listEvents")
            )
            yield saw(
                "缺口出现后读取事件流 / reads the feed after the gap shows",
                "已读取 / it did" if fetched else "没有读取 / it did not",
                ok=fetched,
                at=after,
            )


@check("EVT-006", "acknowledges-unknown-types", scenes=("unknown_members", "event_order"))
def acknowledges_unknown_types(evidence: Evidence) -> Iterator[Observation]:
    """确认不认识的事件类型 / Acknowledges event types that it does not know."""
    for delivery in evidence.deliveries:
        kind = delivery.event.get("type")
        if isinstance(kind, str) and kind not in event_types():
            yield saw(
                "2xx", f"{delivery.exchange.status}", ok=delivery.acknowledged, at=delivery.exchange.seq
            )
