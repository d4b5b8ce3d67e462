"""A PostgreSQL database: the rules run where the records lie, in tables that end with the run."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tanpuhui.mock_platform.state.schema import RECORDS
from tanpuhui.spec.set_kind import REFERENCE_COLUMNS
from tanpuhui.spec.sql.columns import Source
from tanpuhui.spec.sql.dialect import POSTGRES, quoted, text_literal
from tanpuhui.spec.sql.laying import Layout, laying
from tanpuhui.spec.sql.relation import HISTORY, REFERENCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.quality.span import Span
    from tanpuhui.spec.limits import Times

_RECEIVED = "(TIMESTAMP '1970-01-01' + received_at * INTERVAL '1 microsecond')"


class PlaceSession:
    """Runs statements on the platform's own connection."""

    def __init__(self, connection: Connection) -> None:
        self._cursor = connection.connection.cursor()

    def run(self, sql: str) -> Sequence[tuple[Any, ...]]:
        """The rows that a statement returns; its text is taken as it is, without parameters."""
        self._cursor.execute(sql)
        return list(self._cursor.fetchall())

    def lay(self, layout: Layout) -> None:
        """Lay out typed records."""
        for statement in laying(layout, POSTGRES):
            self._cursor.execute(statement)

    def lay_reference(self, name: str, rows: Iterable[Sequence[Any]]) -> None:
        """Lay out the rows of a reference."""
        kinds = REFERENCE_COLUMNS[name]
        columns = (
            f"{quoted(column)} {'TIMESTAMP' if kind == 'instant' else 'TEXT'}"
            for column, kind in kinds.items()
        )
        self._cursor.execute(f"CREATE TEMP TABLE {REFERENCES[name]} ({', '.join(columns)})")
        marks = ", ".join(["%s"] * len(kinds))
        self._cursor.executemany(f"INSERT INTO {REFERENCES[name]} VALUES ({marks})", list(rows))  # noqa: S608

    def close(self) -> None:
        """Give the cursor back."""
        self._cursor.close()


@contextmanager
def in_place(connection: Connection, span: Span, former: Span, times: Times) -> Iterator[PlaceSession]:
    """The span's records and the former ones, laid out beside them; a savepoint takes everything away again."""
    savepoint = connection.begin_nested()
    session = PlaceSession(connection)
    try:
        relation = _relation(span)
        present = f"SELECT DISTINCT doc ->> 'scheme' FROM {relation} ORDER BY 1"  # noqa: S608
        schemes = [scheme for (scheme,) in session.run(present)]
        if schemes:
            session.lay(Layout({scheme: [_source(relation)] for scheme in schemes}, times))
            before = _source(_relation(former))
            session.lay(Layout({scheme: [before] for scheme in schemes}, times, HISTORY))
        yield session
    finally:
        session.close()
        savepoint.rollback()


def _source(relation: str) -> Source:
    return Source(
        relation,
        "position",
        _RECEIVED,
        lambda name: f"(doc ->> {text_literal(name)})",
        lambda name: f"(doc -> 'activity' ->> {text_literal(name)})",
        "(verdict <> 'rejected')",
    )


def _relation(span: Span) -> str:
    """Each record's JSON is read once: OFFSET 0 keeps the planner from repeating the reading in every column."""
    where = " AND ".join(
        (
            f"tenant = {text_literal(span.tenant)}",
            f"scenario_id = {text_literal(span.scenario_id)}",
            f"business_day >= {text_literal(span.first.isoformat())}",
            f"business_day < {text_literal(span.until.isoformat())}",
        )
    )
    columns = "position, received_at, verdict, CAST(convert_from(content, 'UTF8') AS jsonb) AS doc"
    return f"(SELECT {columns} FROM {RECORDS.name} WHERE {where} OFFSET 0) AS opened"  # noqa: S608
