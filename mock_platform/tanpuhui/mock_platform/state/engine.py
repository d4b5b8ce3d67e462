"""Opens the database that an address names: SQLite, in memory or in a file, or PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.pool import NullPool, StaticPool

from tanpuhui.mock_platform.state.database import is_shared

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from tanpuhui.mock_platform.state.place import Place


def engine_for(db: str | None, place: Place | None = None) -> Engine:
    """The engine over this database; durable commits on both kinds, and connections that hold the place."""
    if db is not None and is_shared(db):
        address = "postgresql+psycopg://" + db.partition("://")[2]
        shared = create_engine(address, poolclass=NullPool, hide_parameters=True)
        if place is not None:
            event.listen(shared, "connect", lambda connection, _: place.hold(connection))
        return shared
    engine = create_engine(
        "sqlite://" if db is None else f"sqlite:///{db}",
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
