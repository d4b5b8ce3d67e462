"""The scenario's memory: one SQLite file in which nothing is acknowledged before it is on the disk."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.calling.errors import Misconfigured, Stopped, Text
from tanpuhui.reference_client.keeping.tables import EDITION, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY = ":memory:"
PRIVATE = ""
"""A database without a name: SQLite keeps it in a file of its own and takes it away in the end."""
_BUSY_SECONDS = 2.0


class Store:
    """One connection that threads take in turns; each change is one transaction that survives kill -9."""

    def __init__(self, path: str = MEMORY) -> None:
        self.path = path
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._lock = RLock()
        self._open = True
        try:
            self._connection = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, timeout=_BUSY_SECONDS
            )
            self._connection.row_factory = sqlite3.Row
            self._prepare()
        except sqlite3.DatabaseError as error:
            raise _unusable(path, in_use=error.sqlite_errorcode == sqlite3.SQLITE_BUSY) from None

    def _prepare(self) -> None:
        # One process alone: two senders on one outbox would send everything twice.
        self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        (found,) = self._connection.execute("PRAGMA user_version").fetchone()
        if found not in {0, EDITION}:
            raise _unusable(self.path)
        self._connection.executescript(f"BEGIN; {TABLES} PRAGMA user_version = {EDITION}; COMMIT;")

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it or nothing."""
        with self._lock:
            connection = self._alive()
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                yield connection

    def rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        """What a query finds."""
        with self._lock:
            return self._alive().execute(query, values).fetchall()

    def get(self, name: str) -> str | None:
        """A remembered value."""
        found = self.rows("SELECT value FROM meta WHERE name = ?", name)
        return str(found[0]["value"]) if found else None

    def put(self, name: str, value: str) -> None:
        """Remembers a value."""
        with self.changing() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def forget(self) -> None:
        """Forgets everything."""
        with self.changing() as connection:
            tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            for (table,) in tables:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608  # our own tables

    def folder(self) -> Path:
        """Where files are kept that are too large for the database; as durable as the database is."""
        with self._lock:
            if self.path != MEMORY:
                folder = Path(f"{self.path}.files")
                folder.mkdir(exist_ok=True)
                return folder
            if self._temporary is None:
                self._alive()
                self._temporary = tempfile.TemporaryDirectory(prefix="tph-outbox-")
            return Path(self._temporary.name)

    def close(self) -> None:
        """Whoever still works with it is told to stop."""
        with self._lock:
            self._open = False
            self._connection.close()
            if self._temporary is not None:
                self._temporary.cleanup()

    def _alive(self) -> sqlite3.Connection:
        if not self._open:
            raise Stopped
        return self._connection


def _unusable(path: str, *, in_use: bool = False) -> Misconfigured:
    name = Path(path).name
    what = (
        Text(
            f"数据库文件 {name} 正被另一个进程使用", f"the database file {name} is in use by another process"
        )
        if in_use
        else Text(f"无法使用数据库文件 {name}", f"the database file {name} cannot be used")
    )
    action = (
        Text("另选一个文件，或先停止那个进程", "choose another file, or stop that process first")
        if in_use
        else Text("另选一个文件，或检查权限和磁盘空间", "choose another file, or check permissions and disk")
    )
    return Misconfigured(what, action, "WRT-001")
