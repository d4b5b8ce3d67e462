"""Where the platform keeps everything: one database, one writer thread, one commit before each answer."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

from tanpuhui.mock_platform.schema import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

Result = TypeVar("Result")


class StoreUnavailable(Exception):
    """数据库打不开或正被另一进程使用 / The database cannot be opened or is in use by another process."""

    def __init__(self, db: str) -> None:
        super().__init__(
            f"无法使用数据库 {db}：文件不可写、不是 SQLite，或另一平台进程正在使用；"
            "请换一个路径或先停掉那个进程"
            f" / cannot use database {db}: not writable, not SQLite, or in use by another platform process;"
            " choose another path or stop that process first"
        )


class Store:
    """Runs units of work one after another, each in a transaction that is durable when it returns."""

    def __init__(self, db: str | None) -> None:
        self._engine = _engine(db)
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="tph-store")
        try:
            self._connection = self._writer.submit(self._open).result()
        except DatabaseError:
            self._writer.shutdown()
            self._engine.dispose()
            raise StoreUnavailable(db or "(memory)") from None

    def _open(self) -> Connection:
        connection = self._engine.connect()
        with connection.begin():
            SCHEMA.create_all(connection)
        return connection

    async def run(self, unit: Callable[[Connection], Result]) -> Result:
        """Run a unit in its own transaction; when this returns, its effect outlives kill -9."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._transact, unit)

    def run_now(self, unit: Callable[[Connection], Result]) -> Result:
        """The same for callers outside the event loop."""
        return self._writer.submit(self._transact, unit).result()

    def _transact(self, unit: Callable[[Connection], Result]) -> Result:
        with self._connection.begin():
            return unit(self._connection)

    def close(self) -> None:
        """Finish what is queued and close the database."""
        self._writer.submit(self._connection.close).result()
        self._writer.shutdown()
        self._engine.dispose()


def _engine(db: str | None) -> Engine:
    url = "sqlite://" if db is None else f"sqlite:///{db}"
    engine = create_engine(
        url,
        poolclass=StaticPool,
        hide_parameters=True,  # no record and no token in a traceback (PRV-004)
        connect_args={"check_same_thread": False, "timeout": 0},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say so, not where the driver guesses
    for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
