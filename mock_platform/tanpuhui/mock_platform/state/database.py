"""What the address of a database says: whether several processes may share it, and what of it may be shown."""

from __future__ import annotations

import re

SHARED_DIALECT = "postgresql"
"""What SQLAlchemy calls the kind of database that processes share."""
_SHARED = ("postgresql://", "postgres://")
_SECRET = re.compile(r"(?<=:)[^:/@]*(?=@)|(?<=password=)[^&]*")


def is_shared(db: str | None) -> bool:
    """Whether several processes may work on this database at a time."""
    return db is not None and db.startswith(_SHARED)


def shown(db: str) -> str:
    """The address as it may be shown: without its password (PRV-004)."""
    return _SECRET.sub("***", db) if is_shared(db) else db
