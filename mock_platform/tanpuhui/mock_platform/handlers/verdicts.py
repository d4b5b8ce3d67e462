"""The verdict on one sound record: the law's conditions in order, the first that fails decides (WRT-004)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Literal, Self

from tanpuhui.spec.accounting import account_row
from tanpuhui.spec.columns import record_row
from tanpuhui.spec.exclusion import excluded_row
from tanpuhui.spec.indicator import envelope, schemes, violations
from tanpuhui.spec.methodology import NoMethodology, effective
from tanpuhui.spec.privacy import find_personal_data
from tanpuhui.spec.problem import reasons
from tanpuhui.spec.quality import RuleHit, check_row
from tanpuhui.spec.strict_json import canonical_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from tanpuhui.mock_platform.state.devices import Standing
    from tanpuhui.mock_platform.state.links import LinkHistory
    from tanpuhui.mock_platform.state.tenant import Tenant
    from tanpuhui.spec.limits import Times
    from tanpuhui.spec.violation import Violation

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


ACCEPTED = Ruling("accepted")


@dataclass(frozen=True, slots=True)
class Bench:
    """What records are judged against: the approval and the time of receipt."""

    schemes: frozenset[str]
    received_at: datetime
    times: Times

    @classmethod
    def of(cls, tenant: Tenant, now: datetime) -> Self:
        """The bench of a tenant at this time."""
        return cls(frozenset(tenant.profile.schemes), now, tenant.times)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a record deserves by itself; its link and its device are still to be asked, and what came before.

    `preliminary` failed before the law asks for the link; `ruling` is for a record whose link was active.
    """

    record: Any
    malformed: Grounds = field(default_factory=list)
    content: bytes = b""
    fingerprint: str = ""
    start: datetime | None = None
    preliminary: Grounds = field(default_factory=list)
    ruling: Ruling = ACCEPTED

    def given(self, link: LinkHistory | None, device: Standing | None) -> Ruling:
        """The ruling on a sound record, knowing its link and its device."""
        if self.preliminary:
            return Ruling("rejected", self.preliminary)
        if link is None or self.start is None or not link.active_at(self.start):
            return Ruling("rejected", [ground("link-not-active", pointer="/link_id")])
        if self.ruling.verdict == "rejected":
            return self.ruling
        waiting = _device(self.record["scheme"], self.start, device)
        return Ruling("held", [*waiting, *self._holding()]) if waiting else self.ruling

    def _holding(self) -> Sequence[dict[str, Any]]:
        return self.ruling.reasons if self.ruling.verdict == "held" else ()


@dataclass(frozen=True, slots=True)
class _Case:
    row: Mapping[str, Any]
    bench: Bench
    hits: Sequence[RuleHit]


def weigh(record: Any, bench: Bench) -> Opinion:
    """The opinion on one record, whatever was sent as such (IND-001)."""
    departures = violations(record)[:_MOST_GROUNDS]
    if departures:
        return Opinion(record, [_departure(each) for each in departures])
    content = canonical_json(record)
    row = record_row(record, received_at=bench.received_at)
    case = _Case(row, bench, check_row(row, bench.times))
    preliminary = _first(_PRELIMINARIES, case)
    return Opinion(
        record=record,
        content=content,
        fingerprint=hashlib.sha256(content).hexdigest(),
        start=row["start_at"],
        preliminary=preliminary,
        ruling=ACCEPTED if preliminary else _ruling(case),
    )


def _departure(violation: Violation) -> dict[str, Any]:
    return _ground("schema-violation", f"{violation.zh} / {violation.en}", pointer=violation.pointer)


def _first(conditions: Sequence[Callable[[_Case], Grounds]], case: _Case) -> Grounds:
    return next((grounds for condition in conditions if (grounds := condition(case))), [])


def _ruling(case: _Case) -> Ruling:
    grounds = _first(_CONDITIONS, case) or _hits(case.hits, "reject")
    if grounds:
        return Ruling("rejected", grounds)
    if not case.hits:
        return ACCEPTED
    holding = _hits(case.hits, "hold")
    return Ruling("held", holding) if holding else Ruling("accepted", _hits(case.hits, "flag"))


def ground(code: str, **places: str) -> dict[str, Any]:
    """A reason in the words of the registry."""
    reason = reasons()[code]
    return _ground(code, f"{reason.zh} / {reason.en}", **places)


def _ground(code: str, detail: str, **places: str) -> dict[str, Any]:
    return {"code": code, **places, "detail": detail}


def _scheme(case: _Case) -> Grounds:
    approved = case.row["scheme"] in case.bench.schemes
    return [] if approved else [ground("scheme-not-approved", pointer="/scheme")]


def _methodology(case: _Case) -> Grounds:
    try:
        methodology, parameters = effective(case.row["scheme"], case.row["start_at"])
        in_force = (methodology.code, methodology.version, parameters.id)
    except NoMethodology:
        in_force = ("", "", "")
    pairs = zip(_ACCOUNTING_NAMES, in_force, strict=True)
    wrong = [name for name, value in pairs if case.row[name] != value]
    return [ground("methodology-not-effective", pointer=f"/{name}") for name in wrong]


def _time(case: _Case) -> Grounds:
    return _hits([hit for hit in case.hits if hit.reason != "quality-rule"], "reject")


def _privacy(case: _Case) -> Grounds:
    found = [name for name in _free_identifiers() if _is_personal(case.row[name])]
    return [ground("personal-data", pointer=f"/{name}") for name in found]


def _exclusion(case: _Case) -> Grounds:
    found = excluded_row(case.row)
    return [_ground("activity-excluded", f"{each.reason_zh} / {each.reason_en}") for each in found]


def _accounts(case: _Case) -> Grounds:
    due = account_row(case.row)
    wrong = [name for name in _CLAIMED if case.row[name] != getattr(due, name)]
    return [ground("reduction-mismatch", pointer=f"/{name}") for name in wrong]


def _device(scheme: str, start: datetime, standing: Standing | None) -> Grounds:
    """Why the record waits for the device register: what is missing there may still be entered (DEV-007)."""
    duty = schemes()[scheme].device
    if duty.registered and standing is None:
        return [ground("device-not-registered", pointer="/device_id")]
    if duty.calibrated and standing is not None and not standing.calibrated_at(start):
        return [ground("calibration-not-valid", pointer="/activity_start")]
    return []


def _hits(hits: Sequence[RuleHit], severity: str) -> Grounds:
    chosen = [hit for hit in hits if hit.severity == severity]
    return [_ground(hit.reason, f"{hit.zh} / {hit.en}", rule=hit.rule_id) for hit in chosen]


@lru_cache(maxsize=4096)
def _is_personal(identifier: str) -> bool:
    """Whether an identifier holds personal data; those of devices and places come again and again."""
    return bool(find_personal_data(identifier))


@cache
def _free_identifiers() -> tuple[str, ...]:
    """The identifiers that the scenario makes up; the others were compared with known ones before."""
    given = {*_ACCOUNTING_NAMES, "link_id"}
    return tuple(each.id for each in envelope() if each.type == "identifier" and each.id not in given)


_PRELIMINARIES: tuple[Callable[[_Case], Grounds], ...] = (_scheme, _methodology)
_CONDITIONS: tuple[Callable[[_Case], Grounds], ...] = (
    _time,
    _privacy,
    _exclusion,
    _accounts,
)
