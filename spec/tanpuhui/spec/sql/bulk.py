"""A whole run: every rule over the typed records of an engine, and what each found, scheme by scheme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from tanpuhui.spec.rule import row_rules
from tanpuhui.spec.set_kind import CoveredBy
from tanpuhui.spec.set_rule import set_rules
from tanpuhui.spec.sql.mask import Tally, mask_scans
from tanpuhui.spec.sql.relation import RECORDS, of_scheme
from tanpuhui.spec.sql.sets import set_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tanpuhui.spec.limits import Times
    from tanpuhui.spec.rule import Rule
    from tanpuhui.spec.set_rule import SetRule
    from tanpuhui.spec.sql.dialect import Dialect

Run: TypeAlias = "Callable[[str], Sequence[tuple[Any, ...]]]"


@dataclass(frozen=True, slots=True)
class Material:
    """What there is to judge by: the time parameters, the references that are at hand, whether former days are."""

    times: Times
    references: frozenset[str]
    history: bool


@dataclass(frozen=True, slots=True)
class SchemeTally:
    """One scheme's number of records and the tally of each rule that was run on them."""

    records: int
    rules: Mapping[str, Tally]


def assess(run: Run, dialect: Dialect, material: Material) -> dict[str, SchemeTally]:
    """Run every rule that can be run with the material at hand over the records in place."""
    counted: dict[str, int] = dict(run(f"SELECT scheme, count(*) FROM {RECORDS} GROUP BY scheme"))
    schemes = sorted(counted)
    found: dict[str, dict[str, Tally]] = {
        scheme: tally_rows(run, dialect, rules_of(row_rules(), scheme), scheme, material.times)
        for scheme in schemes
    }
    for rule in set_rules():
        if runnable(rule, material):
            for scheme, tally in tally_set(run, dialect, rule, schemes).items():
                found[scheme][rule.id] = tally
    return {scheme: SchemeTally(counted[scheme], found[scheme]) for scheme in schemes}


def runnable(rule: SetRule, material: Material) -> bool:
    """Whether there is what the rule compares with."""
    if isinstance(rule.kind, CoveredBy):
        return rule.kind.reference in material.references
    return rule.scope != "history" or material.history


def rules_of(rules: Sequence[Rule], scheme: str) -> list[Rule]:
    """Those rules that are about a scheme's records."""
    return [rule for rule in rules if rule.scheme in {None, scheme}]


def tally_rows(
    run: Run, dialect: Dialect, rules: Sequence[Rule], scheme: str, times: Times
) -> dict[str, Tally]:
    """The tallies of rules for single records over one scheme's relation."""
    found: dict[str, Tally] = {}
    for scan in mask_scans(rules, of_scheme(RECORDS, scheme), scheme, dialect, times):
        found |= scan.tallies((int(a), int(b), n, rows) for a, b, n, rows in run(scan.sql))
    return found


def tally_set(run: Run, dialect: Dialect, rule: SetRule, schemes: Sequence[str]) -> dict[str, Tally]:
    """The tally of one set rule for each scheme that it is about."""
    about = [scheme for scheme in schemes if rule.scheme in {None, scheme}]
    if not about:
        return {}
    queries = set_queries(rule, dialect, about)
    judged: dict[str, int] = dict(run(queries.judged))
    offending = {scheme: (count, tuple(rows)) for scheme, count, rows in run(queries.offending)}
    return {scheme: Tally(judged.get(scheme, 0), *offending.get(scheme, (0, ()))) for scheme in about}
