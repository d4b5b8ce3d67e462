"""DuckDB for one run: a database file of its own in a folder that is thrown away, in bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from tanpuhui.spec.element import envelope, schemes
from tanpuhui.spec.set_kind import REFERENCE_COLUMNS
from tanpuhui.spec.sql.columns import ROW, Source
from tanpuhui.spec.sql.dialect import DUCKDB, quoted, text_literal
from tanpuhui.spec.sql.laying import laying
from tanpuhui.spec.sql.relation import REFERENCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from tanpuhui.spec.sql.laying import Layout

MEMORY_LIMIT = "1GB"
_PAGE = 10_000


class DuckSession:
    """An open engine; what does not fit into its memory goes to the folder."""

    def __init__(self, folder: Path, memory_limit: str = MEMORY_LIMIT) -> None:
        import duckdb  # noqa: PLC0415  # costly: only where there is something to compute

        self._connection = duckdb.connect(
            folder / "run.duckdb",
            config={
                "memory_limit": memory_limit,
                "temp_directory": str(folder / "spilled"),
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
            },
        )
        self._connection.execute("SET TimeZone = 'UTC'")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def run(self, sql: str) -> Sequence[tuple[Any, ...]]:
        """The rows that a statement returns."""
        return self._connection.execute(sql).fetchall()

    def each(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The same where there may be very many."""
        found = self._connection.execute(sql)
        while page := found.fetchmany(_PAGE):
            yield from page

    def lay(self, layout: Layout) -> None:
        """Lay out typed records."""
        for statement in laying(layout, DUCKDB):
            self._connection.execute(statement)

    def lay_reference(self, name: str, rows: Iterable[Sequence[Any]]) -> None:
        """Lay out the rows of a reference, with the columns that the law names, times in UTC without offset."""
        kinds = REFERENCE_COLUMNS[name]
        columns = (
            f"{quoted(column)} {'TIMESTAMP' if kind == 'instant' else 'VARCHAR'}"
            for column, kind in kinds.items()
        )
        self._connection.execute(f"CREATE TABLE {REFERENCES[name]} ({', '.join(columns)})")
        many = list(rows)
        if many:
            one = f"({', '.join('?' * len(kinds))})"
            values = [value for row in many for value in row]
            self._connection.execute(
                f"INSERT INTO {REFERENCES[name]} VALUES {', '.join([one] * len(many))}", values
            )


def json_lines(
    scheme: str, paths: Sequence[Path], received_at: str = "NULL", standing: str = "TRUE"
) -> Source:
    """Records of one scheme in files of lines {"row_number", "received_at", "verdict", "record"}."""
    outer = [element.id for element in envelope()]
    inner = ", ".join(f"{quoted(element.id)} VARCHAR" for element in schemes()[scheme].elements)
    members = ", ".join((*(f"{quoted(name)} VARCHAR" for name in outer), f"activity STRUCT({inner})"))
    columns = {ROW: "BIGINT", "received_at": "BIGINT", "verdict": "VARCHAR", "record": f"STRUCT({members})"}
    listed = ", ".join(f"{quoted(name)}: {text_literal(of)}" for name, of in columns.items())
    files = ", ".join(text_literal(str(path)) for path in paths)
    relation = f"read_json([{files}], format='newline_delimited', columns={{{listed}}})"
    return Source(
        relation,
        quoted(ROW),
        received_at,
        lambda name: f"record.{quoted(name)}",
        lambda name: f"record.activity.{quoted(name)}",
        standing,
    )
