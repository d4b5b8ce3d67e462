"""Which columns the exports of each scheme have, declared in `layouts.yaml`."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import yaml

from tanpuhui.reference_client.calling.words import Text
from tanpuhui.reference_client.exports.number import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

ColumnKind = Literal["text", "code", "number", "instant"]


@dataclass(frozen=True, slots=True)
class Check:
    """The range of the median ratio of a column to another quantity, both in base units.

    With `proof` both are one and the same quantity, and a constant factor proves a wrong unit.
    """

    per: str
    low: Decimal
    high: Decimal
    proof: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it is called in the field, and how its cells are read."""

    id: str
    kind: ColumnKind
    name: Text
    aliases: tuple[str, ...]
    required: bool = False
    quantity: str | None = None
    unit: str | None = None
    check: Check | None = None
    date_alone: bool = False
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one scheme's exports, by id."""

    scheme: str
    columns: Mapping[str, Column]


@lru_cache(maxsize=4096)
def plain_name(text: str) -> str:
    """A name without what exports vary: case, width, blanks and joints."""
    return "".join(letter for letter in plain(text).casefold() if letter not in " _-.")


@cache
def layouts() -> Mapping[str, Layout]:
    """The layouts by scheme."""
    data = _data()
    found = {
        scheme: Layout(scheme, _columns([*own, *data["shared"]])) for scheme, own in data["schemes"].items()
    }
    return MappingProxyType(found)


@cache
def units(quantity: str) -> Mapping[str, Decimal]:
    """The units of a quantity with their size in its base unit."""
    entries = _data()["units"][quantity]
    return MappingProxyType({plain_name(name): Decimal(str(size)) for name, size in entries.items()})


def quantities() -> tuple[str, ...]:
    """The quantities that units are known for."""
    return tuple(_data()["units"])


def unit_name(quantity: str, size: Decimal) -> str:
    """The usual name of the unit of that size."""
    entries = _data()["units"][quantity]
    return next(str(name) for name, found in entries.items() if Decimal(str(found)) == size)


@cache
def _data() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(
        (files(__package__) / "layouts.yaml").read_text(encoding="utf-8")
    )
    return found


def _columns(entries: list[Mapping[str, Any]]) -> Mapping[str, Column]:
    return MappingProxyType({entry["id"]: _column(entry) for entry in entries})


def _column(entry: Mapping[str, Any]) -> Column:
    codes = {
        plain_name(other): code
        for code, others in entry.get("codes", {}).items()
        for other in (code, *others)
    }
    return Column(
        id=entry["id"],
        kind=entry["kind"],
        name=Text(entry["zh"], entry["en"]),
        aliases=tuple(entry["aliases"]),
        required=entry.get("required", False),
        quantity=entry.get("quantity"),
        unit=entry.get("unit"),
        check=_check(entry["check"]) if "check" in entry else None,
        date_alone=entry.get("date_alone", False),
        codes=codes,
    )


def _check(entry: Mapping[str, Any]) -> Check:
    low, high = (Decimal(str(entry[name])) for name in ("low", "high"))
    return Check(entry["per"], low, high, entry.get("proof", False))
