"""The catalogue of quality rules (annex B) as data: each rule once, with its reason and its examples."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, get_args

from tanpuhui.spec.business_time import parse_instant
from tanpuhui.spec.columns import record_columns
from tanpuhui.spec.element import schemes
from tanpuhui.spec.law import law_yaml
from tanpuhui.spec.problem import reasons

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tanpuhui.spec.limits import Times

Severity = Literal["reject", "hold", "flag"]
OnNull = Literal["skip", "fail"]

_CATALOGUE = "quality/rules.yaml"
_ID = re.compile(r"Q-[A-Z]+-[0-9]{3}\Z")


class InvalidRule(ValueError):
    """质量规则不合规定 / A rule of the catalogue is not sound."""

    def __init__(self, rule: str, zh: str, en: str) -> None:
        super().__init__(f"{rule}：{zh} / {rule}: {en}")
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Dimension:
    """What kind of quality a rule guards, by the code of DB31/T 1523 and GB/T 36344."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class TimeRef:
    """A parameter that is a time parameter in force, as advertised."""

    name: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition that good records meet, and what follows where it is not met."""

    id: str
    dimension: Dimension
    severity: Severity
    reason: str
    scheme: str | None
    when: str | None
    expr: str
    on_null: OnNull
    params: Mapping[str, Decimal | TimeRef]
    title_zh: str
    title_en: str
    rationale_zh: str
    rationale_en: str
    clause: str
    passing: tuple[Mapping[str, Any], ...]
    failing: tuple[Mapping[str, Any], ...]

    def bound(self, times: Times) -> dict[str, Decimal]:
        """The parameters' values under the time parameters in force."""
        return {
            name: Decimal(str(getattr(times, value.name))) if isinstance(value, TimeRef) else value
            for name, value in self.params.items()
        }


@cache
def dimensions() -> Mapping[str, Dimension]:
    """The kinds of quality that the catalogue uses, by code."""
    entries = law_yaml(_CATALOGUE)["dimensions"].items()
    return MappingProxyType({code: Dimension(code, words["zh"], words["en"]) for code, words in entries})


@cache
def rules() -> tuple[Rule, ...]:
    """The catalogue in its order."""
    found = tuple(read_rule(entry) for entry in law_yaml(_CATALOGUE)["rules"])
    repeated = sorted({rule.id for rule in found if sum(other.id == rule.id for other in found) > 1})
    if repeated:
        raise InvalidRule(repeated[0], "规则号重复", "the id is used twice")
    return found


def read_rule(entry: Mapping[str, Any]) -> Rule:
    """A rule from its data; an unsound one is refused by name."""
    _require_sound(entry)
    columns = record_columns(entry.get("scheme"))
    return Rule(
        id=entry["id"],
        dimension=dimensions()[entry["dimension"]],
        severity=entry["severity"],
        reason=entry.get("reason", "quality-rule"),
        scheme=entry.get("scheme"),
        when=entry.get("when"),
        expr=entry["expr"],
        on_null=entry.get("on_null", "skip"),
        params=MappingProxyType({name: _param(value) for name, value in entry.get("params", {}).items()}),
        **{f"{key}_{lang}": entry[key][lang] for key in ("title", "rationale") for lang in ("zh", "en")},
        clause=entry["clause"],
        passing=_example_rows(entry, "pass", columns),
        failing=_example_rows(entry, "fail", columns),
    )


def _require_sound(entry: Mapping[str, Any]) -> None:
    name = str(entry.get("id", "?"))
    allowed = (
        (_ID.match(name) is not None, "规则号不合规定", "the id is malformed"),
        (entry.get("severity") in get_args(Severity), "级别不合规定", "the severity is unknown"),
        (entry.get("dimension") in dimensions(), "指标码不在目录中", "the dimension is not in the catalogue"),
        (entry.get("on_null", "skip") in get_args(OnNull), "on_null 不合规定", "on_null is skip or fail"),
        (entry.get("reason", "quality-rule") in reasons(), "理由代码未登记", "the reason is not registered"),
        (entry.get("scheme") in {None, *schemes()}, "场景类型不存在", "there is no such scheme"),
    )
    for sound, zh, en in allowed:
        if not sound:
            raise InvalidRule(name, zh, en)


def _param(value: str | Mapping[str, Any]) -> Decimal | TimeRef:
    if isinstance(value, str):
        return Decimal(value)
    if "times" in value:
        return TimeRef(value["times"])
    rel, *steps = value["law"]
    found = law_yaml(rel)
    for step in steps:
        found = found[step]
    return Decimal(str(found))


def _example_rows(
    entry: Mapping[str, Any], kind: str, columns: Mapping[str, str]
) -> tuple[Mapping[str, Any], ...]:
    examples: Sequence[Mapping[str, Any]] = entry.get("examples", {}).get(kind, ())
    if not examples:
        raise InvalidRule(entry["id"], f"缺少 {kind} 例", f"there is no example of kind {kind}")
    unknown = sorted({name for example in examples for name in example} - set(columns))
    if unknown:
        raise InvalidRule(
            entry["id"], f"例中没有列 {unknown[0]}", f"an example names no column: {unknown[0]}"
        )
    return tuple(
        MappingProxyType({name: _typed(value, columns[name]) for name, value in example.items()})
        for example in examples
    )


def _typed(value: Any, kind: str) -> Any:
    if kind == "decimal":
        return Decimal(value)
    return parse_instant(value) if kind == "instant" else value
