"""Rows of Parquet, every value as text; instants with a zone come as UTC with their offset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.errors import InvalidInput, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import duckdb

_OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
_PAGE = 2_000
_MEMORY = "SET memory_limit = '160MB'; SET threads = 1; SET TimeZone = 'UTC'"
_QUERY = "SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet(?)"


def parquet_columns(path: Path) -> list[str]:
    """The columns."""
    with _connection() as connection:
        found = _asked(connection, f"{_QUERY} LIMIT 0", path)
        return [str(column[0]) for column in found.description or ()]


def parquet_rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows; the line is the number of the row."""
    with _connection() as connection:
        found = _asked(connection, _QUERY, path)
        columns, number = [str(column[0]) for column in found.description or ()], 0
        while page := found.fetchmany(_PAGE):
            for row in page:
                number += 1
                yield number, {name: (text or "").strip() for name, text in zip(columns, row, strict=True)}


def _connection() -> duckdb.DuckDBPyConnection:
    import duckdb  # noqa: PLC0415  # costly to import

    connection = duckdb.connect(":memory:", config=_OFFLINE)
    connection.execute(_MEMORY)
    return connection


def _asked(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> duckdb.DuckDBPyConnection:
    import duckdb  # noqa: PLC0415

    try:
        return connection.execute(query, [_literal(path)])
    except duckdb.Error:
        raise InvalidInput(
            Text("文件不是 Parquet", "the file is no Parquet"),
            Text("检查文件，或用 --format 给出格式", "check the file or name its format with --format"),
            "IND-005",
        ) from None


def _literal(path: Path) -> str:
    """The path with its wildcards taken as letters."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))
