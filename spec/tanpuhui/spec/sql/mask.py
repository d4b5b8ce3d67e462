"""All rules for single records in one pass: each row's broken rules are the bits of one number, rows are counted by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tanpuhui.spec.sql.columns import ROW, record_types
from tanpuhui.spec.sql.dialect import quoted
from tanpuhui.spec.sql.expression import condition_sql
from tanpuhui.spec.sql.scope import SqlScope

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tanpuhui.spec.limits import Times
    from tanpuhui.spec.rule import Rule
    from tanpuhui.spec.sql.dialect import Dialect

MOST_RULES = 60
MOST_SAMPLES = 5


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows a rule applies to and how many break it, with the first few of these by their number."""

    applicable: int = 0
    violations: int = 0
    rows: tuple[int, ...] = ()

    def joined(self, other: Tally) -> Tally:
        """Both counts together."""
        rows = tuple(sorted({*self.rows, *other.rows})[:MOST_SAMPLES])
        return Tally(self.applicable + other.applicable, self.violations + other.violations, rows)


@dataclass(frozen=True, slots=True)
class MaskScan:
    """One pass over a relation for some rules."""

    rules: Sequence[Rule]
    sql: str

    def tallies(self, groups: Iterable[tuple[int, int, int, Sequence[int] | None]]) -> dict[str, Tally]:
        """The tally of each rule from the groups that the pass returns."""
        found = {rule.id: Tally() for rule in self.rules}
        for applies, broken, count, rows in groups:
            for bit, rule in enumerate(self.rules):
                applicable = count if applies >> bit & 1 else 0
                violated = bool(broken >> bit & 1)
                group = Tally(applicable, count if violated else 0, tuple(rows or ()) if violated else ())
                found[rule.id] = found[rule.id].joined(group)
        return found


def mask_scans(
    rules: Sequence[Rule], relation: str, scheme: str, dialect: Dialect, times: Times
) -> list[MaskScan]:
    """The passes for all these rules: one, unless there are more rules than a number has bits."""
    parts = [rules[start : start + MOST_RULES] for start in range(0, len(rules), MOST_RULES)]
    return [MaskScan(part, _scan(part, relation, scheme, dialect, times)) for part in parts]


def violation_sql(rule: Rule, scheme: str, dialect: Dialect, times: Times) -> str:
    """The condition under which a row breaks a rule; never NULL."""
    scope = SqlScope(rule.id, dialect, record_types(scheme), rule.bound(times))
    holds = condition_sql(rule.expr, scope)
    fails = f"({holds} IS FALSE)" if rule.on_null == "skip" else f"({holds} IS NOT TRUE)"
    return fails if rule.when is None else f"({fails} AND {_applies(rule, scope)})"


def _applies(rule: Rule, scope: SqlScope) -> str:
    return "TRUE" if rule.when is None else f"({condition_sql(rule.when, scope)} IS TRUE)"


def _scan(rules: Sequence[Rule], relation: str, scheme: str, dialect: Dialect, times: Times) -> str:
    types = record_types(scheme)
    scopes = [SqlScope(rule.id, dialect, types, rule.bound(times)) for rule in rules]
    applies = _bits([_applies(rule, scope) for rule, scope in zip(rules, scopes, strict=True)])
    broken = _bits([violation_sql(rule, scheme, dialect, times) for rule in rules])
    row = quoted(ROW)
    samples = dialect.smallest(row, MOST_SAMPLES, "broken <> 0")
    masks = f"SELECT {row}, {applies} AS applies, {broken} AS broken FROM {relation}"
    return f"SELECT applies, broken, count(*), {samples} FROM ({masks}) AS masked GROUP BY applies, broken"


def _bits(conditions: Sequence[str]) -> str:
    always = sum(1 << bit for bit, condition in enumerate(conditions) if condition == "TRUE")
    parts = [
        f"CASE WHEN {condition} THEN CAST({1 << bit} AS BIGINT) ELSE 0 END"
        for bit, condition in enumerate(conditions)
        if condition != "TRUE"
    ]
    return f"({' + '.join((f'CAST({always} AS BIGINT)', *parts))})"
