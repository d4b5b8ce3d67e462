"""The engines that run the law's SQL in tests, with typed rows laid in under the names that a run uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tanpuhui.spec.set_kind import REFERENCE_COLUMNS
from tanpuhui.spec.sql.columns import ROW, STANDING, record_types
from tanpuhui.spec.sql.dialect import DUCKDB, Dialect, quoted
from tanpuhui.spec.sql.relation import HISTORY, RECORDS, REFERENCES, of_scheme
from tanpuhui.spec.sql.term import INSTANT, TEXT, SqlType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Row = "Mapping[str, Any]"


@dataclass(frozen=True)
class Engine:
    """One open connection of DuckDB or PostgreSQL."""

    dialect: Dialect
    connection: Any

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        return list(self.connection.execute(sql).fetchall())

    def table(self, name: str, types: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """A table of that name, made anew."""
        columns = ", ".join(f"{quoted(column)} {of}" for column, of in types.items())
        self.connection.execute(f"DROP TABLE IF EXISTS {name}")
        self.connection.execute(f"CREATE TEMP TABLE {name} ({columns})")
        many = [[_plain(value) for value in row] for row in rows]
        if many:
            mark = "?" if self.dialect is DUCKDB else "%s"
            one = f"({', '.join([mark] * len(types))})"
            insert = f"INSERT INTO {name} VALUES {', '.join([one] * len(many))}"
            self.connection.execute(insert, [value for row in many for value in row])

    def lay(
        self, rows: Sequence[Mapping[str, Any]], scheme: str | None = None, relation: str = RECORDS
    ) -> None:
        """Rows of one scheme, or of all with what they share, numbered as they stand."""
        types = record_types(scheme)
        columns = {ROW: "BIGINT", STANDING: "BOOLEAN", **{name: self._name(of) for name, of in types.items()}}
        chosen = [(at, row) for at, row in enumerate(rows) if scheme in {None, row.get("scheme", scheme)}]
        values = ([at, True, *(row.get(name) for name in types)] for at, row in chosen)
        self.table(of_scheme(relation, scheme), columns, values)

    def lay_beside(self, beside: Mapping[str, Sequence[Mapping[str, Any]]], scheme: str | None) -> None:
        """What a set rule looks at besides its rows."""
        self.lay(beside.get("history", ()), scheme, HISTORY)
        for name, kinds in REFERENCE_COLUMNS.items():
            types = {
                column: self._name(INSTANT if kind == "instant" else TEXT) for column, kind in kinds.items()
            }
            rows = beside.get(name, ())
            self.table(REFERENCES[name], types, [[row.get(column) for column in kinds] for row in rows])

    def _name(self, of: SqlType) -> str:
        return {"text": "VARCHAR", "date": "DATE", "instant": "TIMESTAMP"}.get(
            of.kind
        ) or self.dialect.number(of)


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value
