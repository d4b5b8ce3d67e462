"""A shared database serves one platform at a time: each connection to it holds the place of its platform."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from tanpuhui.mock_platform.state.database import shown

if TYPE_CHECKING:
    from psycopg import Connection

_PLACES: Final = 1_953_525_280  # advisory locks of this class are places; number 0 is their entrance
_LARGEST: Final = 2**31 - 1
_ENTER = f"SELECT pg_advisory_xact_lock({_PLACES}, 0)"
_OTHERS = f"""
SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND objsubid = 2 AND classid = {_PLACES} AND objid NOT IN (0, %s)
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""  # noqa: S608  # a number of our own
_HOLD = f"SELECT pg_advisory_lock_shared({_PLACES}, %s)"


class Occupied(Exception):
    """另一平台正在使用这个数据库 / Another platform is at this database."""


class PlaceLost(Exception):
    """数据库已被另一平台占用 / Another platform has taken the database."""

    def __init__(self, db: str) -> None:
        super().__init__(
            f"数据库 {shown(db)} 断开期间被另一平台占用；一个数据库只能有一个平台，本平台已停止。"
            "请先停掉那个平台再启动，或换一个数据库"
            f" / another platform took database {shown(db)} while it was out of reach; a database serves one"
            " platform only, so this one has stopped: stop the other one first, or choose another database"
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Whose connections these are: processes of one platform share a place, another platform has another."""

    number: int

    @classmethod
    def new(cls) -> Self:
        """A place that no other platform has."""
        return cls(1 + secrets.randbelow(_LARGEST))

    def hold(self, connection: Connection[Any]) -> None:
        """Hold the place for as long as the connection lives; one that finds another platform there is closed.

        Whoever enters is alone while looking round, so of two platforms one at most stays.
        """
        with ExitStack() as failing:
            failing.callback(connection.close)
            with connection.transaction():
                connection.execute(_ENTER)
                if connection.execute(_OTHERS, (self.number,)).fetchone() != (0,):
                    raise Occupied
                connection.execute(_HOLD, (self.number,))
            failing.pop_all()
