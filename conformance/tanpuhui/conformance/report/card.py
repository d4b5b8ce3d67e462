"""What needs an action, told so that it can be acted on: clause, expected, observed, evidence, next step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tanpuhui.conformance.report.curl import curl, path_of, signed
from tanpuhui.conformance.verdict import Observation, Outcome, Text, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tanpuhui.conformance.recording.exchange import Exchange
    from tanpuhui.conformance.report.source import ReportSource

SHOWN_FINDINGS = 3
_ACTED_ON = (Outcome.KIT_ERROR, Outcome.FAIL, Outcome.INCOMPLETE)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The exchange in which something was seen."""

    seq: int
    way: Text
    method: str
    path: str
    answer: str
    curl: str
    inbound: bool
    signed: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the law expects."""

    expected: Text
    observed: Text
    exchange: Evidence | None


@dataclass(frozen=True, slots=True)
class Card:
    """One check that did not pass."""

    check: str
    title: Text
    requirement: str
    clause: Text
    outcome: Outcome
    findings: tuple[Finding, ...]
    untold: int
    reason: Text | None
    commands: tuple[str, ...]
    also: tuple[str, ...] = ()


def cards(source: ReportSource) -> tuple[Card, ...]:
    """One card per cause, the gravest first, in the order of the law within: one cause is read once."""
    found = [verdict for verdict in source.result.verdicts if verdict.outcome in _ACTED_ON]
    order = list(source.requirements)
    found.sort(key=lambda one: (-one.outcome.rank, order.index(one.requirement), one.check))
    by_cause: dict[tuple[Outcome, object], list[Verdict]] = {}
    for verdict in found:
        by_cause.setdefault((verdict.outcome, _cause(verdict)), []).append(verdict)
    return tuple(_card(source, first, others) for first, *others in by_cause.values())


def _cause(verdict: Verdict) -> object:
    """Checks that saw nothing wrong themselves share the cause that their reason names."""
    own = verdict.outcome is Outcome.FAIL or verdict.reason is None
    return verdict.check if own else verdict.reason


def _card(source: ReportSource, verdict: Verdict, others: Iterable[Verdict]) -> Card:
    requirement, seed = source.requirements[verdict.requirement], source.result.header.seed
    failing = tuple(dict.fromkeys(one for one in verdict.observations if not one.ok))
    return Card(
        check=verdict.check,
        title=source.title(verdict.check),
        requirement=verdict.requirement,
        clause=Text(requirement.zh, requirement.en),
        outcome=verdict.outcome,
        findings=tuple(_finding(source, one) for one in failing[:SHOWN_FINDINGS]),
        untold=max(0, len(failing) - SHOWN_FINDINGS),
        reason=verdict.reason,
        commands=(f"tph explain {verdict.requirement}", f"tph check {verdict.check} --seed {seed}"),
        also=tuple(other.check for other in others),
    )


def _finding(source: ReportSource, observation: Observation) -> Finding:
    exchange = source.exchanges.get(observation.exchange) if observation.exchange is not None else None
    evidence = evidence_of(exchange) if exchange else None
    return Finding(observation.expected, observation.observed, evidence)


def evidence_of(exchange: Exchange) -> Evidence:
    """The exchange in one line and as a command."""
    way = (
        Text("场景→平台", "scenario → platform")
        if exchange.inbound
        else Text("平台→场景", "platform → scenario")
    )
    return Evidence(
        seq=exchange.seq,
        way=way,
        method=exchange.request.method,
        path=path_of(exchange),
        answer=_answer(exchange),
        curl=curl(exchange),
        inbound=exchange.inbound,
        signed=signed(exchange),
    )


def _answer(exchange: Exchange) -> str:
    if exchange.lost or exchange.response is None:
        return "—"
    code = exchange.problem_code
    return f"{exchange.response.status} {code}" if code else str(exchange.response.status)
