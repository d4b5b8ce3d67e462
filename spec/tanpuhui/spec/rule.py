"""The catalogue's rules for one record (annex B) as data: each once, with its reason and its examples."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args

from tanpuhui.spec.columns import record_columns
from tanpuhui.spec.element import schemes
from tanpuhui.spec.law import law_yaml
from tanpuhui.spec.rule_head import (
    CATALOGUE,
    Dimension,
    InvalidRule,
    Origin,
    Severity,
    TimeRef,
    bound,
    dimensions,
    read_head,
    require_unique,
    typed,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from tanpuhui.spec.limits import Times

__all__ = [
    "Dimension",
    "InvalidRule",
    "OnNull",
    "RowScope",
    "Rule",
    "Severity",
    "TimeRef",
    "dimensions",
    "read_rule",
    "row_rules",
    "rule_files",
    "rules",
]

RowScope = Literal["record", "day"]
OnNull = Literal["skip", "fail"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition that good records meet, and what follows where it is not met.

    Rules of scope record are the gate of both sides; those of scope day are run by the platform alone.
    """

    id: str
    dimension: Dimension
    severity: Severity
    scope: RowScope
    reason: str
    scheme: str | None
    when: str | None
    expr: str
    on_null: OnNull
    params: Mapping[str, Decimal | TimeRef]
    origins: Mapping[str, Origin]
    title_zh: str
    title_en: str
    rationale_zh: str
    rationale_en: str
    clause: str
    passing: tuple[Mapping[str, Any], ...]
    failing: tuple[Mapping[str, Any], ...]

    def bound(self, times: Times) -> dict[str, Decimal]:
        """The parameters' values under the time parameters in force."""
        return bound(self.params, times)


def rules() -> tuple[Rule, ...]:
    """The rules that every record is checked by, before sending and on receipt, in their order."""
    return tuple(rule for rule in row_rules() if rule.scope == "record")


@cache
def row_rules() -> tuple[Rule, ...]:
    """All rules about one record: those for all schemes, then scheme by scheme."""
    found = tuple(read_rule(entry) for name in rule_files() for entry in law_yaml(name)["rules"])
    require_unique([rule.id for rule in found])
    return found


def rule_files() -> tuple[str, ...]:
    """The law's files that hold them."""
    return (CATALOGUE, *(f"quality/{code.lower()}.yaml" for code in schemes()))


def read_rule(entry: Mapping[str, Any]) -> Rule:
    """A rule from its data; an unsound one is refused by name."""
    head = read_head({"scope": "record", **entry})
    sound = (
        (entry.get("on_null", "skip") in get_args(OnNull), "on_null 不合规定", "on_null is skip or fail"),
        (head["scope"] in get_args(RowScope), "执行范围不合规定", "the scope is record or day"),
        (entry.get("kind", "row") == "row" and "expr" in entry, "缺少表达式", "there is no expression"),
    )
    for holds, zh, en in sound:
        if not holds:
            raise InvalidRule(head["id"], zh, en)
    return Rule(
        **head,
        when=entry.get("when"),
        expr=entry["expr"],
        on_null=entry.get("on_null", "skip"),
        passing=_example_rows(entry, "pass"),
        failing=_example_rows(entry, "fail"),
    )


def _example_rows(entry: Mapping[str, Any], kind: str) -> tuple[Mapping[str, Any], ...]:
    examples: Sequence[Mapping[str, Any]] = entry.get("examples", {}).get(kind, ())
    if not examples:
        raise InvalidRule(entry["id"], f"缺少 {kind} 例", f"there is no example of kind {kind}")
    columns = record_columns(entry.get("scheme"))
    return tuple(typed(entry["id"], example, columns) for example in examples)
