"""Rules over sets of records (annex B): declared kinds whose members are data, the same for every engine."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from tanpuhui.spec._set_reader import read_examples, read_kind, read_when
from tanpuhui.spec.law import law_yaml
from tanpuhui.spec.rule_head import InvalidRule, read_head, require_unique
from tanpuhui.spec.set_kind import (
    REFERENCE_COLUMNS,
    Cap,
    Consistent,
    CoveredBy,
    Measure,
    NoOverlap,
    Recompute,
    Reference,
    SetKind,
    Unique,
    Volume,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from tanpuhui.spec._set_reader import SetExample
    from tanpuhui.spec.rule_head import Dimension, Origin, Severity

__all__ = [
    "REFERENCE_COLUMNS",
    "SET_RULES",
    "Cap",
    "Consistent",
    "CoveredBy",
    "InvalidRule",
    "Measure",
    "NoOverlap",
    "Recompute",
    "Reference",
    "SetKind",
    "SetRule",
    "SetScope",
    "Unique",
    "Volume",
    "read_set_rule",
    "set_rules",
]

SetScope = Literal["batch", "day", "history"]

SET_RULES = "quality/sets.yaml"


@dataclass(frozen=True, slots=True)
class SetRule:
    """One condition on records taken together, and what follows where it is not met."""

    id: str
    dimension: Dimension
    severity: Severity
    scope: SetScope
    reason: str
    scheme: str | None
    when: str | None
    kind: SetKind
    params: Mapping[str, Decimal]
    origins: Mapping[str, Origin]
    title_zh: str
    title_en: str
    rationale_zh: str
    rationale_en: str
    clause: str
    examples: tuple[SetExample, ...]

    @property
    def figures(self) -> Mapping[str, str]:
        """The parameters as the titles show them."""
        return {name: f"{value:f}" for name, value in self.params.items()}

    @property
    def compares(self) -> bool:
        """Whether rows are judged by one another; then rejected records have no place among them."""
        return not isinstance(self.kind, CoveredBy | Recompute)


@cache
def set_rules() -> tuple[SetRule, ...]:
    """The set rules in the order of their file."""
    found = tuple(read_set_rule(entry) for entry in law_yaml(SET_RULES)["rules"])
    require_unique([rule.id for rule in found])
    return found


def read_set_rule(entry: Mapping[str, Any]) -> SetRule:
    """A set rule from its data; an unsound one is refused by name."""
    head = read_head(entry)
    if head["scope"] == "record":
        raise InvalidRule(
            head["id"], "这一类规则不在单条记录上执行", "a rule of this kind is not run on one record"
        )
    return SetRule(
        **head, when=read_when(entry), kind=read_kind(entry, head["params"]), examples=read_examples(entry)
    )
