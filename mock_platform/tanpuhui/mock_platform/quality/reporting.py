"""Makes the report of a day from its records, and that of a month from the reports of its days (QUA-003)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from tanpuhui.mock_platform.quality.embedded import embedded
from tanpuhui.mock_platform.quality.in_force import reference_rows
from tanpuhui.mock_platform.quality.in_place import in_place
from tanpuhui.mock_platform.quality.period import Period
from tanpuhui.mock_platform.quality.span import Span, record_ids
from tanpuhui.mock_platform.state.clock import micros
from tanpuhui.mock_platform.state.quality_reports import keep_report, kept_report
from tanpuhui.spec.business_time import instant_text
from tanpuhui.spec.score import RuleCount, Scores, day_scores, month_scores, summed
from tanpuhui.spec.set_kind import REFERENCE_COLUMNS, Volume
from tanpuhui.spec.set_rule import set_rules
from tanpuhui.spec.sql.bulk import Material, assess
from tanpuhui.spec.sql.dialect import DUCKDB, POSTGRES
from tanpuhui.spec.sql.mask import MOST_SAMPLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.state.tenant import Tenant
    from tanpuhui.spec.sql.bulk import SchemeTally

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Office:
    """Whose report is made, on which transaction, at what time of the tenant."""

    connection: Connection
    tenant: Tenant
    now: datetime


def report_of(office: Office, period: Period) -> dict[str, Any] | None:
    """The report of a period; one that is due and was not made yet is made now, one that is not due is None."""
    kept = kept_report(office.connection, office.tenant.id, period.text)
    if kept is not None or office.now < period.due_at(office.tenant.times):
        return kept
    return make_report(office, period)


def make_report(office: Office, period: Period) -> dict[str, Any]:
    """Make the report of a period from what is there now, and keep it."""
    found = _day(office, period) if period.kind == "day" else _month(office, period)
    report = {
        "period": period.text,
        "kind": period.kind,
        "generated_at": instant_text(office.now),
        "schemes": found,
    }
    keep_report(office.connection, office.tenant.id, report, micros(office.now))
    return report


def _day(office: Office, period: Period) -> list[dict[str, Any]]:
    tallies = _assessed(office, period)
    rows = chain.from_iterable(t.rows for found in tallies.values() for t in found.rules.values())
    ids = record_ids(office.connection, rows)
    return [_of_day(scheme, found, ids) for scheme, found in tallies.items()]


def _assessed(office: Office, period: Period) -> Mapping[str, SchemeTally]:
    tenant, times = office.tenant, office.tenant.times
    span = Span.of(tenant, period.first, period.last + _ONE)
    former = Span.of(tenant, period.first - _reach(), period.first)
    shared = office.connection.dialect.name == "postgresql"
    if not span.days(office.connection):
        return {}
    references = reference_rows(office.connection, tenant.id)
    material = Material(times, frozenset(REFERENCE_COLUMNS), history=True)
    with (in_place if shared else embedded)(office.connection, span, former, times) as session:
        for name, rows in references.items():
            session.lay_reference(name, rows)
        return assess(session.run, POSTGRES if shared else DUCKDB, material)


def _reach() -> timedelta:
    """How far back the rules look."""
    looks = (rule.kind.days or 0 for rule in set_rules() if isinstance(rule.kind, Volume))
    return timedelta(days=max(looks, default=0))


def _of_day(scheme: str, found: SchemeTally, ids: Mapping[int, str]) -> dict[str, Any]:
    counts = [RuleCount(rule, tally.applicable, tally.violations) for rule, tally in found.rules.items()]
    samples = {rule: [ids[row] for row in tally.rows] for rule, tally in found.rules.items()}
    return _shown(scheme, day_scores(counts, records=found.records), counts, samples)


def _month(office: Office, period: Period) -> list[dict[str, Any]]:
    """A month is the sum of its days' reports; days whose report was never made are reported on the way."""
    span = Span.of(office.tenant, period.first, period.last + _ONE)
    days = [_day_report(office, Period.of(day)) for day in span.days(office.connection)]
    parts: dict[str, list[dict[str, Any]]] = {}
    for part in chain.from_iterable(day["schemes"] for day in days):
        parts.setdefault(part["scheme"], []).append(part)
    return [_of_month(scheme, parts[scheme]) for scheme in sorted(parts)]


def _day_report(office: Office, day: Period) -> dict[str, Any]:
    return kept_report(office.connection, office.tenant.id, day.text) or make_report(office, day)


def _of_month(scheme: str, days: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    daily = [[RuleCount(r["rule"], r["applicable"], r["violations"]) for r in day["rules"]] for day in days]
    scores = [day_scores(counts, records=day["records"]) for counts, day in zip(daily, days, strict=True)]
    samples: dict[str, list[str]] = {}
    for rule in chain.from_iterable(day["rules"] for day in days):
        kept = samples.setdefault(rule["rule"], [])
        kept += rule["samples"][: MOST_SAMPLES - len(kept)]
    counts = summed(chain.from_iterable(daily))
    return _shown(scheme, month_scores(scores, counts), counts, samples)


def _shown(
    scheme: str, scores: Scores, counts: Sequence[RuleCount], samples: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    rules = [
        {
            "rule": count.rule_id,
            "applicable": count.applicable,
            "violations": count.violations,
            "samples": list(samples[count.rule_id]),
        }
        for count in counts
    ]
    return {"scheme": scheme, **scores.as_mapping(), "rules": rules}
