"""Values that may be used once: nonces of signatures and ids of client assertions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import delete, insert, select

from tanpuhui.mock_platform.state.clock import micros
from tanpuhui.mock_platform.state.schema import USED

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


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
    connection.execute(delete(USED).where(USED.c.tenant == use.tenant, USED.c.expires < micros(now)))
    row = {"tenant": use.tenant, "kind": use.kind, "owner": use.owner, "value": use.value}
    if connection.execute(select(USED.c.value).filter_by(**row)).first() is not None:
        return False
    connection.execute(insert(USED), row | {"expires": micros(use.until)})
    return True
