"""Rows that belong together wherever they stand in a file: gathered in a temporary database, so that none is held."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Self

import orjson

from tanpuhui.reference_client.exports.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from tanpuhui.reference_client.exports.wart import Tally

_IN_PRIVATE = ""
"""A database without a name: SQLite keeps it in a file of its own and takes it away in the end."""
_PAGE = 500
_TABLE = (
    "CREATE TABLE drafts ("
    "line INTEGER PRIMARY KEY, key TEXT NOT NULL, device TEXT NOT NULL, at TEXT NOT NULL, content BLOB NOT NULL)"
)
_AGAIN = "SELECT key FROM drafts WHERE key > ? GROUP BY key HAVING count(*) > 1 ORDER BY key LIMIT ?"
_COLUMNS = "line, key, device, at, content"


class Gathering:
    """Drafts by device, in the order of their times."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect(_IN_PRIVATE, isolation_level=None)
        self._connection.execute(_TABLE)
        self._connection.execute("BEGIN")
        self._waiting: list[tuple[object, ...]] = []

    def add(self, draft: Draft) -> None:
        """One draft more."""
        self._waiting.append((draft.line, draft.key, draft.device, draft.at, orjson.dumps(draft.content)))
        if len(self._waiting) >= _PAGE:
            self._write()

    def each_once(self, tally: Tally) -> Iterator[int]:
        """Leaves out what comes again (WRT-007); answers the lines whose ids contradict one another."""
        self._write()
        self._connection.execute("CREATE INDEX by_key ON drafts (key)")
        after = ""
        while found := [key for (key,) in self._connection.execute(_AGAIN, (after, _PAGE))]:
            for key in found:
                yield from self._settled(key, tally)
            after = found[-1]

    def devices(self) -> Iterator[str]:
        """Every device, in order."""
        self._write()
        self._connection.execute("CREATE INDEX IF NOT EXISTS by_device ON drafts (device, at, line)")
        return (device for (device,) in self._rows("SELECT DISTINCT device FROM drafts ORDER BY device"))

    def times(self, device: str) -> Iterator[str]:
        """The times of a device's drafts, in order."""
        return (at for (at,) in self._rows("SELECT at FROM drafts WHERE device = ? ORDER BY at", device))

    def of(self, device: str) -> Iterator[Draft]:
        """The drafts of a device in the order of their times, of one time in the order of their lines."""
        query = f"SELECT {_COLUMNS} FROM drafts WHERE device = ? ORDER BY at, line"  # noqa: S608  # our own words
        return map(_draft, self._rows(query, device))

    def in_file(self) -> Iterator[Draft]:
        """All drafts in the order of their lines."""
        self._write()
        return map(_draft, self._rows(f"SELECT {_COLUMNS} FROM drafts ORDER BY line"))  # noqa: S608

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def _rows(self, query: str, *values: object) -> Iterator[tuple[Any, ...]]:
        return iter(self._connection.cursor().execute(query, values))

    def _write(self) -> None:
        self._connection.executemany("INSERT INTO drafts VALUES (?, ?, ?, ?, ?)", self._waiting)
        self._waiting.clear()

    def _settled(self, key: str, tally: Tally) -> list[int]:
        """The same again is taken once, one id with other content not at all."""
        query = "SELECT line, content FROM drafts WHERE key = ? ORDER BY line"
        found = self._connection.execute(query, (key,)).fetchall()
        lines = [line for line, _ in found]
        conflict = len({content for _, content in found}) > 1
        kind, out = ("id-conflict", lines) if conflict else ("row-repeated", lines[1:])
        for line in out:
            tally.add(kind, line)
        self._connection.executemany("DELETE FROM drafts WHERE line = ?", [(line,) for line in out])
        return out if conflict else []


def _draft(row: tuple[Any, ...]) -> Draft:
    line, key, device, at, content = row
    return Draft(line, key, orjson.loads(content), device, at)
