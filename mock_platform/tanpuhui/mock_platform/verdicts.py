"""The verdict on one sound record: the law's conditions in order, the first that fails decides (WRT-004)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from tanpuhui.spec.accounting import account
from tanpuhui.spec.business_time import parse_instant
from tanpuhui.spec.exclusion import excluded
from tanpuhui.spec.indicator import envelope, violations
from tanpuhui.spec.methodology import NoMethodology, effective
from tanpuhui.spec.privacy import find_personal_data
from tanpuhui.spec.problem import reasons
from tanpuhui.spec.quality import RuleHit, check_record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from tanpuhui.mock_platform.links import LinkHistory
    from tanpuhui.spec.limits import Times

Word = Literal["accepted", "held", "rejected"]
Grounds = list[dict[str, Any]]
_MOST_GROUNDS = 20
_ACCOUNTING_NAMES = ("methodology", "methodology_version", "parameter_set")
_CLAIMED = ("baseline_kg", "scenario_kg", "reduction_kg")


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict with its reasons."""

    verdict: Word
    reasons: Sequence[dict[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Bench:
    """What records are judged against: the approval, the links, the time of receipt."""

    schemes: frozenset[str]
    links: Mapping[str, LinkHistory]
    received_at: datetime
    times: Times


@dataclass(frozen=True, slots=True)
class _Case:
    record: Mapping[str, Any]
    bench: Bench
    start: datetime
    hits: Sequence[RuleHit]


def judge_form(record: object) -> Ruling | None:
    """The rejection of a record that does not match its indicators, None for a sound one (IND-001)."""
    departures = violations(record)[:_MOST_GROUNDS]
    found = [
        _ground("schema-violation", f"{each.zh} / {each.en}", pointer=each.pointer) for each in departures
    ]
    return Ruling("rejected", found) if found else None


def judge(record: Mapping[str, Any], bench: Bench) -> Ruling:
    """The verdict on a record that matches its indicators."""
    hits = check_record(record, received_at=bench.received_at, times=bench.times)
    case = _Case(record, bench, parse_instant(record["activity_start"]), hits)
    for condition in _CONDITIONS:
        grounds = condition(case)
        if grounds:
            return Ruling("rejected", grounds)
    for severity, verdict in _SEVERITIES:
        if any(hit.severity == severity for hit in hits):
            return Ruling(verdict, _hits(hits, severity))
    return Ruling("accepted", _hits(hits, "flag"))


def ground(code: str, **places: str) -> dict[str, Any]:
    """A reason in the words of the registry."""
    reason = reasons()[code]
    return _ground(code, f"{reason.zh} / {reason.en}", **places)


def _ground(code: str, detail: str, **places: str) -> dict[str, Any]:
    return {"code": code, **places, "detail": detail}


def _scheme(case: _Case) -> Grounds:
    approved = case.record["scheme"] in case.bench.schemes
    return [] if approved else [ground("scheme-not-approved", pointer="/scheme")]


def _methodology(case: _Case) -> Grounds:
    try:
        methodology, parameters = effective(case.record["scheme"], case.start)
        in_force = (methodology.code, methodology.version, parameters.id)
    except NoMethodology:
        in_force = ("", "", "")
    pairs = zip(_ACCOUNTING_NAMES, in_force, strict=True)
    wrong = [name for name, value in pairs if case.record[name] != value]
    return [ground("methodology-not-effective", pointer=f"/{name}") for name in wrong]


def _link(case: _Case) -> Grounds:
    history = case.bench.links.get(case.record["link_id"])
    active = history is not None and history.active_at(case.start)
    return [] if active else [ground("link-not-active", pointer="/link_id")]


def _time(case: _Case) -> Grounds:
    return _hits([hit for hit in case.hits if hit.reason != "quality-rule"], "reject")


def _privacy(case: _Case) -> Grounds:
    if not find_personal_data("\n".join(case.record[name] for name in _free_identifiers())):
        return []
    found = [name for name in _free_identifiers() if find_personal_data(case.record[name])]
    return [ground("personal-data", pointer=f"/{name}") for name in found]


def _exclusion(case: _Case) -> Grounds:
    found = excluded(case.record)
    return [_ground("activity-excluded", f"{each.reason_zh} / {each.reason_en}") for each in found]


def _accounts(case: _Case) -> Grounds:
    due = account(case.record)
    wrong = [name for name in _CLAIMED if Decimal(case.record[name]) != getattr(due, name)]
    return [ground("reduction-mismatch", pointer=f"/{name}") for name in wrong]


def _hits(hits: Sequence[RuleHit], severity: str) -> Grounds:
    chosen = [hit for hit in hits if hit.severity == severity]
    return [_ground(hit.reason, f"{hit.zh} / {hit.en}", rule=hit.rule_id) for hit in chosen]


@cache
def _free_identifiers() -> tuple[str, ...]:
    """The identifiers that the scenario makes up; the others were compared with known ones before."""
    given = {*_ACCOUNTING_NAMES, "link_id"}
    return tuple(each.id for each in envelope() if each.type == "identifier" and each.id not in given)


_CONDITIONS: tuple[Callable[[_Case], Grounds], ...] = (
    _scheme,
    _methodology,
    _link,
    _time,
    _privacy,
    _exclusion,
    _accounts,
)
_SEVERITIES: tuple[tuple[str, Word], ...] = (("reject", "rejected"), ("hold", "held"))
