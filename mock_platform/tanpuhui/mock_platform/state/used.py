"""Values that may be used once: nonces of signatures and ids of client assertions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import bindparam, delete, insert, select

from tanpuhui.mock_platform.state.clock import micros
from tanpuhui.mock_platform.state.schema import USED

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

_FORGET = delete(USED).where(USED.c.tenant == bindparam("tenant"), USED.c.expires < bindparam("now"))
_FIND = select(USED.c.value).where(*(column == bindparam(column.name) for column in USED.primary_key))
_KEEP = insert(USED)


@dataclass(frozen=True, slots=True)
class Use:
    """Whose value it is and how long it stays used."""

    tenant: str
    kind: Literal["nonce", "assertion"]
    owner: str
    value: str
    until: datetime


def used_first(connection: Connection, use: Use, now: datetime) -> bool:
    """Whether this is the value's first use; from here on it is used."""
    connection.execute(_FORGET, {"tenant": use.tenant, "now": micros(now)})
    row = {"tenant": use.tenant, "kind": use.kind, "owner": use.owner, "value": use.value}
    if connection.execute(_FIND, row).first() is not None:
        return False
    connection.execute(_KEEP, row | {"expires": micros(use.until)})
    return True
