"""Makes the report of a day from its records, and that of a month from the records of its days (QUA-003)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from tanpuhui.mock_platform.quality.assessing import assessed
from tanpuhui.mock_platform.quality.span import days_of, record_ids
from tanpuhui.mock_platform.state.clock import micros
from tanpuhui.mock_platform.state.quality_reports import keep_report, kept_report
from tanpuhui.spec.business_time import instant_text
from tanpuhui.spec.score import RuleCount, Scores, day_scores, month_scores, summed
from tanpuhui.spec.sql.mask import MOST_SAMPLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.quality.assessing import Tallies
    from tanpuhui.mock_platform.quality.period import Period
    from tanpuhui.mock_platform.state.tenant import Tenant
    from tanpuhui.spec.sql.bulk import SchemeTally

Parts: TypeAlias = "list[dict[str, Any]]"


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
    days = days_of(office.connection, tenant=office.tenant, period=period)
    return keep(office, period, [assessed(office.connection, day=day) for day in days])


def keep(office: Office, period: Period, found: Sequence[Tallies]) -> dict[str, Any]:
    """Put the report together from what the rules found on each of its days, and keep it."""
    days = [_day(office.connection, tallies) for tallies in found]
    report = {
        "period": period.text,
        "kind": period.kind,
        "generated_at": instant_text(office.now),
        "schemes": _month(days) if period.kind == "month" else list(chain.from_iterable(days)),
    }
    keep_report(office.connection, office.tenant.id, report, micros(office.now))
    return report


def _day(connection: Connection, tallies: Tallies) -> Parts:
    rows = chain.from_iterable(t.rows for found in tallies.values() for t in found.rules.values())
    ids = record_ids(connection, rows)
    return [_of_day(scheme, found, ids) for scheme, found in tallies.items()]


def _of_day(scheme: str, found: SchemeTally, ids: Mapping[int, str]) -> dict[str, Any]:
    counts = [RuleCount(rule, tally.applicable, tally.violations) for rule, tally in found.rules.items()]
    samples = {rule: [ids[row] for row in tally.rows] for rule, tally in found.rules.items()}
    return _shown(scheme, day_scores(counts, records=found.records), counts, samples)


def _month(days: Sequence[Parts]) -> Parts:
    """A month is the sum of its days, each computed anew: records that came late count here."""
    parts: dict[str, Parts] = {}
    for part in chain.from_iterable(days):
        parts.setdefault(part["scheme"], []).append(part)
    return [_of_month(scheme, parts[scheme]) for scheme in sorted(parts)]


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
