"""Finds the columns of a layout in a file's header, with the units that the header states."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.errors import InvalidInput, Text
from tanpuhui.reference_client.exports.layout import Column, Layout, layouts, plain_name, quantities, units
from tanpuhui.reference_client.exports.number import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_IN_BRACKETS = re.compile(r"(.+?)\s*[(\[【]\s*([^()\[\]【】]+?)\s*[)\]】]")
_AFTER_JOINT = re.compile(r"(.+)[_/ -]([A-Za-z]+|[一-鿿]{1,3})")
_SHOWN = 16


@dataclass(frozen=True, slots=True)
class Found:
    """Where a column stands in the file, and the unit that its heading states."""

    column: Column
    heading: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Heading:
    """The columns of one layout that a file has."""

    layout: Layout
    found: Mapping[str, Found]

    @property
    def missing(self) -> tuple[Column, ...]:
        """Columns that the layout cannot do without."""
        return tuple(
            column
            for name, column in self.layout.columns.items()
            if column.required and name not in self.found
        )


def heading_of(layout: Layout, names: Sequence[str], chosen: Mapping[str, str]) -> Heading:
    """The columns of a layout; those that the user chose by name go before the aliases."""
    found: dict[str, Found] = {}
    for column in layout.columns.values():
        place = _chosen(column, names, chosen) or _by_alias(column, names)
        if place is not None:
            found[column.id] = place
    return Heading(layout, found)


def guessed(names: Sequence[str], chosen: Mapping[str, str]) -> Heading:
    """The layout that the header fits best; more than one or none has to be named by the user."""
    headings = [heading_of(layout, names, chosen) for layout in layouts().values()]
    fitting = sorted(
        (found for found in headings if not found.missing), key=lambda found: len(found.found), reverse=True
    )
    if not fitting or (len(fitting) > 1 and len(fitting[0].found) == len(fitting[1].found)):
        schemes = ", ".join(layouts())
        shown = ", ".join(repr(name) for name in names[:_SHOWN])
        raise InvalidInput(
            Text("无法从列名判断场景类型", "the scheme cannot be told from the columns"),
            Text(
                f"用 --scheme 给出，{schemes} 之一；文件中有 {shown}",
                f"name it with --scheme, one of {schemes}; the file has {shown}",
            ),
            "IND-001",
        )
    return fitting[0]


def require_columns(heading: Heading, names: Sequence[str]) -> None:
    """Stops where a column is missing that the layout cannot do without."""
    for column in heading.missing:
        expected = ", ".join(repr(name) for name in column.aliases)
        shown = ", ".join(repr(name) for name in names[:_SHOWN])
        raise InvalidInput(
            Text(f"没有{column.name.zh}列", f"there is no column for the {column.name.en}"),
            Text(f"需要 {expected}；文件中有 {shown}", f"expected {expected}; the file has {shown}"),
            "IND-005",
        )


def _chosen(column: Column, names: Sequence[str], chosen: Mapping[str, str]) -> Found | None:
    wanted = chosen.get(column.id)
    if wanted is None:
        return None
    name = next((name for name in names if name.casefold() == wanted.casefold()), None)
    if name is None:
        shown = ", ".join(repr(name) for name in names[:_SHOWN])
        raise InvalidInput(
            Text(f"没有 {wanted!r} 列", f"there is no column {wanted!r}"),
            Text(f"文件中有 {shown}", f"the file has {shown}"),
            "IND-005",
        )
    return Found(column, name, _parted(name, column)[1])


def _by_alias(column: Column, names: Sequence[str]) -> Found | None:
    for alias in column.aliases:
        for name in names:
            base, unit = _parted(name, column)
            if _same(alias, base):
                return Found(column, name, unit)
    return None


def _same(alias: str, base: str) -> bool:
    if alias.endswith("*"):
        return plain_name(base).startswith(plain_name(alias[:-1]))
    return plain_name(base) == plain_name(alias)


def _parted(name: str, column: Column) -> tuple[str, str | None]:
    """A heading's base and unit, as in 里程（km） or distance_km."""
    text = plain(name)
    known: Iterable[str] = units(column.quantity) if column.quantity in quantities() else ()
    bracketed = _IN_BRACKETS.fullmatch(text)
    if bracketed and plain_name(bracketed[2]) in known:
        return bracketed[1], plain_name(bracketed[2])
    joined = _AFTER_JOINT.fullmatch(text)
    if joined and plain_name(joined[2]) in known and joined[1].strip():
        return joined[1], plain_name(joined[2])
    return text, None
