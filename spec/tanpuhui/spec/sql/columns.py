"""The typed columns that rules read, made by an engine from records whose members are texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from tanpuhui.spec.business_time import SHANGHAI
from tanpuhui.spec.columns import record_columns
from tanpuhui.spec.element import envelope, schemes
from tanpuhui.spec.sql.dialect import quoted, text_literal
from tanpuhui.spec.sql.term import DATE, INSTANT, TEXT, SqlType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tanpuhui.spec.element import Element
    from tanpuhui.spec.sql.dialect import Dialect

ROW = "row_number"
STANDING = "standing"
_SECONDS = SqlType("decimal", 18, 6)
_KINDS: Mapping[str, SqlType] = MappingProxyType({"text": TEXT, "date": DATE, "instant": INSTANT})
_INSTANTS = MappingProxyType({"activity_start": "start_at", "activity_end": "end_at"})


@dataclass(frozen=True, slots=True)
class Source:
    """Where an engine finds records: a relation, a row's number, receipt and members as texts.

    `standing` says whether a row has its place among others, as a rejected one has not.
    """

    relation: str
    row: str
    received_at: str
    outer: Callable[[str], str]
    inner: Callable[[str], str]
    standing: str = "TRUE"


@cache
def record_types(scheme: str | None = None) -> Mapping[str, SqlType]:
    """The types of the columns of `record_columns`, numbers as wide as the annex allows them to be."""
    activity = schemes()[scheme].elements if scheme else ()
    widths = {element.id: _width(element) for element in (*envelope(), *activity)}
    kinds = record_columns(scheme)
    return MappingProxyType({name: _type(name, kind, widths) for name, kind in kinds.items()})


def typed_records(scheme: str, source: Source, dialect: Dialect) -> str:
    """A query for the rows of one scheme: their number and every column that a rule may read."""
    members = {
        **{element.id: source.outer(element.id) for element in envelope()},
        **{element.id: source.inner(element.id) for element in schemes()[scheme].elements},
    }
    types = record_types(scheme)
    plain = [
        f"{dialect.cast(code, types[name])} AS {quoted(name)}"
        for name, code in members.items()
        if name in types
    ]
    instants = [f"{dialect.instant(members[name])} AS {quoted(made)}" for name, made in _INSTANTS.items()]
    received = f"{source.received_at} AS {quoted('received_at')}"
    own = (f"{source.row} AS {quoted(ROW)}", f"{source.standing} AS {quoted(STANDING)}")
    selected = ", ".join((*own, *plain, *instants, received))
    chosen = f"{source.outer('scheme')} = {text_literal(scheme)}"
    derived = ", ".join(f"{code} AS {quoted(name)}" for name, code in _derived(dialect).items())
    inner = f"SELECT {selected} FROM {source.relation} WHERE {chosen}"  # made of the law's names
    return f"SELECT *, {derived} FROM ({inner}) AS member"


def _derived(dialect: Dialect) -> Mapping[str, str]:
    start, end, received = (dialect.micros(quoted(name)) for name in ("start_at", "end_at", "received_at"))
    local, local_end = (_local(quoted(name)) for name in ("start_at", "end_at"))
    two_digits = SqlType("integer", 2, 0)
    return {
        "start_day": dialect.cast(local, DATE),
        "start_clock": dialect.clock(local),
        "start_day_of_month": dialect.cast(f"extract(day FROM {local})", two_digits),
        "end_day": dialect.cast(local_end, DATE),
        "end_clock": dialect.clock(local_end),
        "duration_seconds": dialect.seconds(f"({end} - {start})", _SECONDS),
        "age_seconds": dialect.seconds(f"({received} - {end})", _SECONDS),
    }


def _local(code: str) -> str:
    hours = SHANGHAI.utcoffset(None).total_seconds() / 3600
    return f"({code} + INTERVAL '{hours:.0f} HOUR')"


def _type(name: str, kind: str, widths: Mapping[str, SqlType]) -> SqlType:
    if kind in _KINDS:
        return _KINDS[kind]
    if name in widths:
        return widths[name]
    return _SECONDS if kind == "decimal" else SqlType("integer", 2, 0)


def _width(element: Element) -> SqlType:
    """As many digits as the annex's own bounds have."""
    if element.type not in {"decimal", "integer"}:
        return TEXT
    digits = max(
        len((bound or "0").lstrip("-").replace(".", "")) for bound in (element.minimum, element.maximum)
    )
    return SqlType("decimal" if element.type == "decimal" else "integer", digits, element.precision or 0)
