"""Many values in one statement of one size, in the form that each kind of database takes fastest.

The values travel as one text, bound to `WANTED`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, bindparam, func, select, true
from sqlalchemy.dialects import postgresql

from tanpuhui.mock_platform.state.database import SHARED_DIALECT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Column, ColumnElement, Connection, Select, Table, TableValuedAlias

WANTED = "wanted"


def one_of(dialect: str, column: Column[str]) -> ColumnElement[bool]:
    """Whether the column has one of the values."""
    values = select(_listed(dialect).c.value)
    return (
        column == func.any(func.array(values.scalar_subquery())) if _shared(dialect) else column.in_(values)
    )


def rows_with(
    dialect: str,
    columns: Sequence[Column[Any]],
    place: Sequence[ColumnElement[bool]],
    column: Column[str],
) -> Select[Any]:
    """The rows at a place whose column has one of the values, where there is at most one row for each.

    PostgreSQL looks each value up by itself: one condition for all is planned by statistics, and for a
    table that has just begun to fill there are none.
    """
    if not _shared(dialect):
        return select(*columns).where(*place, one_of(dialect, column))
    listed = _listed(dialect)
    found = select(*columns).where(*place, column == listed.c.value).offset(0).lateral()
    return select(found).select_from(listed).join(found, true())


def _listed(dialect: str) -> TableValuedAlias:
    wanted = bindparam(WANTED, type_=JSON)
    if _shared(dialect):
        return func.json_array_elements_text(wanted).table_valued("value").render_derived()
    return func.json_each(wanted).table_valued("value")


def _shared(dialect: str) -> bool:
    return dialect == SHARED_DIALECT


def insert_rows(
    connection: Connection, table: Table, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows whose values stand in the order of the names."""
    if not rows:
        return
    if _shared(connection.dialect.name):
        _copy_in(connection, table, names, rows)
    else:
        connection.exec_driver_sql(_row_by_row(table, names), list(rows))


def _copy_in(
    connection: Connection, table: Table, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Binary COPY: unlike INSERT over arrays it turns no value into text and back."""
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(_copy(table, names)) as copying:
        copying.set_types(_kinds(table, names))
        for row in rows:
            copying.write_row(row)


@cache
def _row_by_row(table: Table, names: tuple[str, ...]) -> str:
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608


@cache
def _copy(table: Table, names: tuple[str, ...]) -> str:
    return f"COPY {table.name} ({', '.join(names)}) FROM STDIN (FORMAT BINARY)"


@cache
def _kinds(table: Table, names: tuple[str, ...]) -> tuple[str, ...]:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    return tuple(table.c[name].type.compile(dialect).lower() for name in names)
