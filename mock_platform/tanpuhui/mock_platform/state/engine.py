"""Opens the database that an address names: SQLite, in memory or in a file, or PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine, event, text
from sqlalchemy.pool import NullPool, StaticPool

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_SHARED = ("postgresql://", "postgres://")
_ONE_PLATFORM: Final = 7_409_251_300_001  # the advisory lock that one platform holds on its database
_PATIENCE: Final = "5s"


def is_shared(db: str | None) -> bool:
    """Whether several processes may work on this database at a time."""
    return db is not None and db.startswith(_SHARED)


def engine_for(db: str | None) -> Engine:
    """The engine over this database; durable commits on both kinds."""
    if db is not None and is_shared(db):
        address = "postgresql+psycopg://" + db.partition("://")[2]
        return create_engine(address, poolclass=NullPool, hide_parameters=True)
    engine = create_engine(
        "sqlite://" if db is None else f"sqlite:///{db}",
        poolclass=StaticPool,
        hide_parameters=True,  # no record and no token in a traceback (PRV-004)
        connect_args={"check_same_thread": False, "timeout": 0},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def claim(connection: Connection) -> None:
    """Make this platform the only one on a shared database, for as long as the connection lives."""
    if connection.dialect.name == "postgresql":
        with connection.begin():
            connection.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE}'"))
            connection.execute(text(f"SELECT pg_advisory_lock({_ONE_PLATFORM})"))


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say so, not where the driver guesses
    for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
