"""Many values in one statement of one size, in the form that each kind of database takes fastest."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, Text, func, literal, select
from sqlalchemy.dialects import postgresql

from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Column, ColumnElement, Connection, Table

_SHARED = "postgresql"


def one_of(connection: Connection, column: Column[str], values: Iterable[str]) -> ColumnElement[bool]:
    """Whether the column has one of these values, however many there are."""
    wanted = sorted(set(values))
    if connection.dialect.name == _SHARED:
        return column == func.any(literal(wanted, ARRAY(Text)))
    listed = func.json_each(dump_json(wanted).decode()).table_valued("value")
    return column.in_(select(listed.c.value))


def insert_rows(
    connection: Connection, table: Table, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows whose values stand in the order of the names."""
    if not rows:
        return
    if connection.dialect.name == _SHARED:
        columns = tuple(list(column) for column in zip(*rows, strict=True))
        connection.exec_driver_sql(_from_arrays(table, names), columns)
    else:
        connection.exec_driver_sql(_row_by_row(table, names), list(rows))


@cache
def _row_by_row(table: Table, names: tuple[str, ...]) -> str:
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608


@cache
def _from_arrays(table: Table, names: tuple[str, ...]) -> str:
    kinds = (table.c[name].type.compile(postgresql.dialect()) for name in names)  # type: ignore[no-untyped-call]
    arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
    return f"INSERT INTO {table.name} ({', '.join(names)}) SELECT * FROM unnest({arrays})"  # noqa: S608
