"""What every quality rule says about itself, whatever its kind: id, dimension, severity, words, figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, get_args

from tanpuhui.spec.business_time import parse_instant
from tanpuhui.spec.element import schemes
from tanpuhui.spec.law import law_yaml
from tanpuhui.spec.problem import reasons

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.spec.expression import Kind
    from tanpuhui.spec.limits import Times

Severity = Literal["reject", "hold", "flag"]
Scope = Literal["record", "batch", "day", "history"]

CATALOGUE = "quality/rules.yaml"
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
class Origin:
    """How firm a figure of a rule is, and where it comes from."""

    status: str
    zh: str
    en: str


@cache
def dimensions() -> Mapping[str, Dimension]:
    """The kinds of quality that the catalogue uses, by code."""
    entries = law_yaml(CATALOGUE)["dimensions"].items()
    return MappingProxyType({code: Dimension(code, words["zh"], words["en"]) for code, words in entries})


def read_head(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The members that rules of all kinds share; an unsound entry is refused by name."""
    _require_sound(entry)
    given = entry.get("params", {})
    return {
        "id": entry["id"],
        "dimension": dimensions()[entry["dimension"]],
        "severity": entry["severity"],
        "scope": entry["scope"],
        "reason": entry.get("reason", "quality-rule"),
        "scheme": entry.get("scheme"),
        "params": MappingProxyType({name: _figure(value) for name, value in given.items()}),
        "origins": MappingProxyType({name: _origin(value) for name, value in given.items()}),
        **{f"{key}_{lang}": entry[key][lang] for key in ("title", "rationale") for lang in ("zh", "en")},
        "clause": entry["clause"],
    }


def bound(params: Mapping[str, Decimal | TimeRef], times: Times) -> dict[str, Decimal]:
    """The parameters' values under the time parameters in force."""
    return {
        name: Decimal(str(getattr(times, value.name))) if isinstance(value, TimeRef) else value
        for name, value in params.items()
    }


def require_unique(ids: list[str]) -> None:
    """Refuse a catalogue in which an id stands twice."""
    repeated = sorted({rule for rule in ids if ids.count(rule) > 1})
    if repeated:
        raise InvalidRule(repeated[0], "规则号重复", "the id is used twice")


def _require_sound(entry: Mapping[str, Any]) -> None:
    name = str(entry.get("id", "?"))
    allowed = (
        (_ID.match(name) is not None, "规则号不合规定", "the id is malformed"),
        (entry.get("severity") in get_args(Severity), "级别不合规定", "the severity is unknown"),
        (entry.get("scope") in get_args(Scope), "执行范围不合规定", "the scope is unknown"),
        (entry.get("dimension") in dimensions(), "指标码不在目录中", "the dimension is not in the catalogue"),
        (entry.get("reason", "quality-rule") in reasons(), "理由代码未登记", "the reason is not registered"),
        (entry.get("scheme") in {None, *schemes()}, "场景类型不存在", "there is no such scheme"),
        (
            {"title", "rationale", "clause"} <= entry.keys(),
            "缺少标题、理由或要求",
            "title, rationale or clause is missing",
        ),
    )
    for sound, zh, en in allowed:
        if not sound:
            raise InvalidRule(name, zh, en)
    for key in ("title", "rationale"):
        if set(entry[key]) != {"zh", "en"}:
            raise InvalidRule(name, f"{key} 应有且只有中英文", f"the {key} is in zh and en and nothing else")


def _figure(given: str | Mapping[str, Any]) -> Decimal | TimeRef:
    if isinstance(given, str):
        return Decimal(given)
    if "value" in given:
        return Decimal(given["value"])
    if "times" in given:
        return TimeRef(given["times"])
    rel, *steps = given["law"]
    found = law_yaml(rel)
    for step in steps:
        found = found[step]
    return Decimal(str(found))


def _origin(given: str | Mapping[str, Any]) -> Origin:
    """A figure without an origin of its own has the catalogue's."""
    common = law_yaml(CATALOGUE)
    own: Mapping[str, Any] = {} if isinstance(given, str) else given
    source = own.get("source", common["source"])
    return Origin(own.get("status", common["status"]), source["zh"], source["en"])


def typed(rule: str, row: Mapping[str, Any], columns: Mapping[str, Kind]) -> Mapping[str, Any]:
    """An example's row with the values that its columns hold; a row that names no column is refused."""
    unknown = sorted(row.keys() - columns.keys())
    if unknown:
        raise InvalidRule(rule, f"例中没有列 {unknown[0]}", f"an example names no column: {unknown[0]}")
    return MappingProxyType({name: _value(value, columns[name]) for name, value in row.items()})


def _value(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    if kind == "decimal":
        return Decimal(value)
    return parse_instant(value) if kind == "instant" else value
