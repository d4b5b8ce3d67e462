"""A file's activities before they go into the outbox, and afterwards the way back from a record to its lines."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import orjson

from tanpuhui.reference_client.exports.lines import Lines, runs_of, runs_text
from tanpuhui.reference_client.keeping.entry import Activity
from tanpuhui.reference_client.keeping.store import PRIVATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import TracebackType

    from tanpuhui.reference_client.exports.draft import Drawn
    from tanpuhui.reference_client.exports.lines import Run
    from tanpuhui.reference_client.keeping.outbox import Outbox

_PAGE = 1000
_TABLE = (
    "CREATE TABLE intake (number INTEGER PRIMARY KEY,"
    " activity_id TEXT NOT NULL, scheme TEXT NOT NULL, body TEXT NOT NULL, lines TEXT NOT NULL)"
)
_NEW = "INSERT INTO intake (activity_id, scheme, body, lines) VALUES (?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Origin:
    """The lines that an activity comes from."""

    activity_id: str
    runs: tuple[Run, ...]


class Intake:
    """Holds a file back until it is known to be whole; on the disk, so that its size does not matter."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect(PRIVATE, isolation_level=None)
        self._connection.execute(_TABLE)
        self._connection.execute("BEGIN")
        self.count = 0

    def fill(self, drawn: Iterable[Drawn]) -> None:
        """Takes all activities of the file."""
        waiting: list[tuple[str, ...]] = []
        for found in drawn:
            activity = found.activity
            lines = _text(found.lines)
            waiting.append(
                (activity["activity_id"], activity["scheme"], orjson.dumps(activity).decode(), lines)
            )
            if len(waiting) >= _PAGE:
                self._write(waiting)
        self._write(waiting)

    def load(self, outbox: Outbox) -> Iterator[int]:
        """Puts them into the outbox, a page in each transaction; answers how many are there by now."""
        done = 0
        for page in self._pages("activity_id, scheme, body"):
            outbox.load_rows(page)
            done += len(page)
            yield done

    def activities(self) -> Iterator[tuple[Activity, tuple[Run, ...]]]:
        """The activities with the lines that they come from."""
        for page in self._pages("number, activity_id, body, lines"):
            for number, activity_id, body, lines in page:
                yield Activity(number, activity_id, orjson.loads(body)), runs_of(lines)

    def origins(self) -> Iterator[Sequence[Origin]]:
        """Where the activities come from, page by page."""
        for page in self._pages("activity_id, lines"):
            yield [Origin(activity_id, runs_of(lines)) for activity_id, lines in page]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def _write(self, rows: list[tuple[str, ...]]) -> None:
        self._connection.executemany(_NEW, rows)
        self.count += len(rows)
        rows.clear()

    def _pages(self, columns: str) -> Iterator[list[tuple[Any, ...]]]:
        found = self._connection.execute(f"SELECT {columns} FROM intake ORDER BY number")  # noqa: S608  # our own
        while page := found.fetchmany(_PAGE):
            yield page


def _text(lines: Sequence[int]) -> str:
    """Lines as they are kept; mostly there is one."""
    return runs_text([(lines[0], lines[0])] if len(lines) == 1 else Lines(lines).runs())
