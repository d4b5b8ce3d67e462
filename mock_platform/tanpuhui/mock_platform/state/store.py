"""Where the platform keeps everything: one database, and one commit before each answer."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, TypeVar
from zlib import crc32

from sqlalchemy import text
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from tanpuhui.mock_platform.state.database import is_shared, shown
from tanpuhui.mock_platform.state.engine import engine_for
from tanpuhui.mock_platform.state.place import Occupied
from tanpuhui.mock_platform.state.schema import SCHEMA
from tanpuhui.mock_platform.state.writer import Caught, StoreLost, Writer

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.state.place import Place

Result = TypeVar("Result")
_WRITERS = 4


class StoreUnavailable(Exception):
    """数据库打不开或正被另一平台使用 / The database cannot be opened or is in use by another platform."""

    def __init__(self, db: str) -> None:
        super().__init__(
            f"无法使用数据库 {shown(db)}：文件不可写、不是 SQLite，PostgreSQL 连不上，或另一平台正在使用；"
            "请换一个数据库或先停掉那个平台"
            f" / cannot use database {shown(db)}: not writable, not SQLite, PostgreSQL out of reach, or in use by"
            " another platform; choose another database or stop that platform first"
        )


class Store:
    """Runs units of work, each whole or not at all and durable when it returns.

    SQLite has one writer, which commits together whatever waits. PostgreSQL has several; units about
    one tenant share a writer here, and meet those of other processes at the tenant's row (`Tenants.lock`).
    Every connection holds the `place` of its platform; the `first` to open a database makes its tables.
    """

    def __init__(self, db: str | None, place: Place | None = None, *, first: bool = True) -> None:
        self.shared = is_shared(db)
        self._open = ExitStack()
        with ExitStack() as opening:
            try:
                self._engine = engine = engine_for(db, place)
                opening.callback(engine.dispose)
                writers = range(_WRITERS if self.shared else 1)
                connections = [opening.enter_context(engine.connect()) for _ in writers]
                if first:
                    with connections[0].begin():
                        SCHEMA.create_all(connections[0])
            except (ArgumentError, DatabaseError, Occupied):
                raise StoreUnavailable(db or "(memory)") from None
            self._writers = [
                opening.enter_context(closing(Writer(each, f"tph-store-{n}", mixed=not self.shared)))
                for n, each in enumerate(connections)
            ]
            self._open = opening.pop_all()

    async def run(self, unit: Callable[[Connection], Result], *, about: str = "") -> Result:
        """Run a unit in a transaction; when this returns, its effect outlives kill -9."""
        return await asyncio.wrap_future(self.submit(unit, about=about))

    def run_now(self, unit: Callable[[Connection], Result], *, about: str = "") -> Result:
        """The same for callers outside the event loop."""
        return self.submit(unit, about=about).result()

    def submit(self, unit: Callable[[Connection], Result], *, about: str = "") -> Future[Result]:
        """Queue a unit; those about the same are performed in the order of their arrival."""
        return self._writers[crc32(about.encode()) % len(self._writers)].submit(unit, about)

    def read_beside(self, unit: Callable[[Connection], Result]) -> Result:
        """Run a unit that changes nothing on a connection of its own, here and now, while the writers go on."""
        try:
            connection = self._engine.connect()
        except (OperationalError, Occupied):
            raise StoreLost from None
        with connection:
            caught, result = Caught(), list[Result]()
            with caught, connection.begin() as reading:
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
                result.append(unit(connection))
                reading.rollback()
            if caught.error is not None:
                raise StoreLost if connection.invalidated else caught.error
        return result[0]

    def close(self) -> None:
        """Finish what is queued and close the database."""
        self._open.close()
