"""Reads the members and examples of set rules from their data; what is not sound is refused by name."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, get_args

from tanpuhui.spec.columns import record_columns
from tanpuhui.spec.element import DeviceDuty, schemes
from tanpuhui.spec.rule_head import InvalidRule, typed
from tanpuhui.spec.set_kind import (
    REFERENCE_COLUMNS,
    Cap,
    Consistent,
    CoveredBy,
    Measure,
    NoOverlap,
    Recompute,
    SetKind,
    Unique,
    Volume,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tanpuhui.spec.expression import Kind as ColumnKind


@dataclass(frozen=True, slots=True)
class SetExample:
    """A small set with the positions of the rows that offend; what the rule needs beside it has its own rows."""

    rows: tuple[Mapping[str, Any], ...]
    beside: Mapping[str, tuple[Mapping[str, Any], ...]]
    offending: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    data: Mapping[str, Any]
    params: Mapping[str, Decimal]
    columns: Mapping[str, ColumnKind]

    def refuse(self, zh: str, en: str) -> InvalidRule:
        return InvalidRule(self.data["id"], zh, en)

    def column(self, name: str, *kinds: ColumnKind) -> str:
        if name not in self.columns or (kinds and self.columns[name] not in kinds):
            raise self.refuse(f"没有合用的列 {name}", f"there is no column {name} of the kind needed")
        return name

    def key(self, member: str) -> tuple[str, ...]:
        names = self.data[member]
        if not isinstance(names, list) or not names:
            raise self.refuse(f"{member} 应列出列名", f"{member} shall be a list of columns")
        return tuple(self.column(name) for name in names)


def read_kind(entry: Mapping[str, Any], params: Mapping[str, Decimal]) -> SetKind:
    """What the rule declares; members and figures are exactly those of its kind."""
    found = _Entry(entry, params, record_columns(entry.get("scheme")))
    shape = _SHAPES.get(str(entry.get("kind")))
    if shape is None:
        raise found.refuse("没有这一类规则", "there is no such kind of rule")
    members, figures, made = shape
    _require_members(found, members)
    if set(params) not in figures or not all(isinstance(value, Decimal) for value in params.values()):
        raise found.refuse("参数与规则类别不符", "the parameters are not those of the kind")
    return made(found)


def read_when(entry: Mapping[str, Any]) -> str | None:
    """Where the rule applies; `device: calibrated` stands for the schemes whose indicators demand it."""
    if "device" not in entry:
        return entry.get("when")
    if entry["device"] not in DeviceDuty.__dataclass_fields__:
        raise InvalidRule(entry["id"], "没有这项设备要求", "there is no such duty of a device")
    codes = [code for code, scheme in schemes().items() if getattr(scheme.device, entry["device"])]
    return f"scheme IN ({', '.join(repr(code) for code in codes)})" if codes else "FALSE"


def read_examples(entry: Mapping[str, Any]) -> tuple[SetExample, ...]:
    """The rule's examples, typed; at least one in which nothing offends and one in which something does."""
    columns = {name: kind for code in schemes() for name, kind in record_columns(code).items()}
    if entry.get("kind") != "recompute":
        columns = dict(record_columns(entry.get("scheme")))
    kinds: dict[str, Mapping[str, ColumnKind]] = {"rows": columns, "history": columns, **REFERENCE_COLUMNS}
    found = tuple(_example(entry["id"], example, kinds) for example in entry.get("examples", ()))
    if {bool(example.offending) for example in found} != {True, False}:
        raise InvalidRule(
            entry["id"], "应有通过的例和触发的例", "examples that pass and that are hit are both needed"
        )
    return found


def _example(
    rule: str, example: Mapping[str, Any], kinds: Mapping[str, Mapping[str, ColumnKind]]
) -> SetExample:
    sets = {name: _rows(rule, example.get(name, ()), columns) for name, columns in kinds.items()}
    rows = sets.pop("rows")
    named = example["offending"]
    offending = tuple(range(len(rows))) if named == "all" else tuple(named)
    if not set(offending) <= set(range(len(rows))):
        raise InvalidRule(rule, "例中没有所指的行", "an example names a row that it does not have")
    return SetExample(rows, MappingProxyType(sets), offending)


def _rows(
    rule: str, written: Sequence[Mapping[str, Any]], columns: Mapping[str, ColumnKind]
) -> tuple[Mapping[str, Any], ...]:
    """The rows of an example; `times` writes a row as often as it says."""
    repeated = [row for row in written for _ in range(row.get("times", 1))]
    return tuple(
        typed(rule, {name: value for name, value in row.items() if name != "times"}, columns)
        for row in repeated
    )


def _require_members(found: _Entry, members: frozenset[str]) -> None:
    unknown = sorted(found.data.keys() - _COMMON - members - _optional(members))
    missing = sorted(members - found.data.keys())
    if unknown or missing:
        named = (unknown or missing)[0]
        raise found.refuse(f"成员 {named} 多余或缺少", f"the member {named} is unknown or missing")


def _optional(members: frozenset[str]) -> frozenset[str]:
    return frozenset({"column"}) if "measure" in members else frozenset()


def _unique(found: _Entry) -> Unique:
    return Unique(found.key("over"), history=found.data["scope"] == "history")


def _no_overlap(found: _Entry) -> NoOverlap:
    start = found.column(found.data["start"], "instant", "decimal")
    return NoOverlap(found.key("partition"), start, found.column(found.data["end"], found.columns[start]))


def _covered_by(found: _Entry) -> CoveredBy:
    reference, match = found.data["reference"], found.data["match"]
    there = REFERENCE_COLUMNS.get(reference, {})
    validity = [found.data["valid_from"], found.data["valid_to"]]
    if not {*match.values(), *validity} <= set(there) or not match:
        raise found.refuse(f"参照 {reference} 没有所指的列", f"the reference {reference} has no such columns")
    here = {found.column(name): column for name, column in match.items()}
    return CoveredBy(reference, MappingProxyType(here), found.column(found.data["at"], "instant"), *validity)


def _cap(found: _Entry) -> Cap:
    limit = found.params["limit"]
    if limit < 1 or limit != int(limit):
        raise found.refuse("上限应为正整数", "the limit shall be a positive integer")
    return Cap(found.key("group"), int(limit))


def _volume(found: _Entry) -> Volume:
    measure, column, group = found.data["measure"], found.data.get("column"), found.key("group")
    counts = measure == "count_ratio"
    sound = measure in get_args(Measure) and counts == (column is None) == ("days" in found.params)
    if not sound or (counts and (found.data["scope"] != "history" or "business_day" not in group)):
        raise found.refuse(
            "度量与列、参数或范围不符", "measure, column, parameters and scope do not go together"
        )
    return Volume(
        group=group,
        measure=measure,
        column=None if column is None else found.column(column, "decimal", "integer"),
        low=found.params["low"],
        high=found.params["high"],
        least=int(found.params["least"]),
        days=int(found.params["days"]) if counts else None,
    )


def _consistent(found: _Entry) -> Consistent:
    return Consistent(found.key("group"), found.column(found.data["equal"]))


def _recompute(found: _Entry) -> Recompute:
    return Recompute(found.params["tolerance"])


_COMMON = frozenset(
    {
        *("id", "title", "rationale", "clause", "dimension", "severity", "reason"),
        *("kind", "scope", "scheme", "when", "device", "params", "examples"),
    }
)
_NONE: Sequence[set[str]] = (set(),)
_SHAPES: Mapping[str, tuple[frozenset[str], Sequence[set[str]], Callable[[_Entry], SetKind]]] = {
    "unique": (frozenset({"over"}), _NONE, _unique),
    "no_overlap": (frozenset({"partition", "start", "end"}), _NONE, _no_overlap),
    "covered_by": (frozenset({"reference", "match", "at", "valid_from", "valid_to"}), _NONE, _covered_by),
    "cap": (frozenset({"group"}), ({"limit"},), _cap),
    "volume": (
        frozenset({"group", "measure"}),
        ({"low", "high", "least"}, {"low", "high", "least", "days"}),
        _volume,
    ),
    "consistent": (frozenset({"group", "equal"}), _NONE, _consistent),
    "recompute": (frozenset(), ({"tolerance"},), _recompute),
}
