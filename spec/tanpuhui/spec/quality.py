"""Quality of one record (QUA-001, QUA-002): the same rules before sending and on receipt, compiled once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from tanpuhui.spec.columns import record_columns, record_row
from tanpuhui.spec.demand import Demand, compile_any_broken
from tanpuhui.spec.expression import compile_predicate
from tanpuhui.spec.limits import default_times
from tanpuhui.spec.rule import Dimension, InvalidRule, Rule, Severity, dimensions, rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from tanpuhui.spec.limits import Times

_Test: TypeAlias = "Callable[[Mapping[str, Any]], bool]"
__all__ = [
    "Dimension",
    "InvalidRule",
    "Rule",
    "RuleHit",
    "Severity",
    "broken",
    "check_record",
    "dimensions",
    "rules",
]


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A rule that a record does not meet, in words for both sides; `reason` is the code of annex D."""

    rule_id: str
    severity: Severity
    reason: str
    zh: str
    en: str
    clause: str


def check_record(
    record: Mapping[str, Any], *, received_at: datetime, times: Times | None = None
) -> tuple[RuleHit, ...]:
    """The rules that a record does not meet, in the catalogue's order.

    The record has to match its schema already. Without `times`, the law's own time parameters are in force.
    """
    return check_row(record_row(record, received_at=received_at), times or default_times())


def check_row(row: Mapping[str, Any], times: Times) -> tuple[RuleHit, ...]:
    """The same for the row of a record; most rows meet all rules, which one look tells."""
    any_broken, each = _compiled(row["scheme"], times)
    return tuple(hit for hit, is_broken in each if is_broken(row)) if any_broken(row) else ()


def broken(rule: Rule, row: Mapping[str, Any], times: Times | None = None) -> bool:
    """Whether one rule applies to a row and is not met."""
    return _violation(rule, times or default_times())(row)


@lru_cache(maxsize=64)
def _compiled(scheme: str, times: Times) -> tuple[_Test, tuple[tuple[RuleHit, _Test], ...]]:
    chosen = [rule for rule in rules() if rule.scheme in {None, scheme}]
    demands = [
        Demand(rule.id, rule.expr, rule.when, rule.bound(times), null_breaks=rule.on_null != "skip")
        for rule in chosen
    ]
    each = tuple((_hit(rule, times), _violation(rule, times)) for rule in chosen)
    return compile_any_broken(demands, record_columns(scheme)), each


def _violation(rule: Rule, times: Times) -> Callable[[Mapping[str, Any]], bool]:
    columns, params = record_columns(rule.scheme), rule.bound(times)
    holds = compile_predicate(rule.expr, columns, params, name=rule.id)
    applies = compile_predicate(rule.when or "TRUE", columns, params, name=rule.id).is_true
    if rule.on_null == "skip":
        fails = holds.is_false
        return fails if rule.when is None else lambda row: fails(row) and applies(row)
    return lambda row: not holds.is_true(row) and applies(row)


def _hit(rule: Rule, times: Times) -> RuleHit:
    figures = {name: f"{value:f}" for name, value in rule.bound(times).items()}
    return RuleHit(
        rule_id=rule.id,
        severity=rule.severity,
        reason=rule.reason,
        zh=rule.title_zh.format_map(figures),
        en=rule.title_en.format_map(figures),
        clause=rule.clause,
    )
