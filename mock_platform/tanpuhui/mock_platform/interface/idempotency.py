"""One answer per idempotency key: the first one is kept and given again (CAL-002)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select

from tanpuhui.mock_platform.interface.answer import Answer, Refused
from tanpuhui.mock_platform.state.clock import micros
from tanpuhui.mock_platform.state.schema import ANSWERS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.interface.exchange import Exchange

HEADER = "idempotency-key"
_REPLAYED = (("idempotency-replayed", "true"),)
_FORGET = delete(ANSWERS).where(ANSWERS.c.tenant == bindparam("tenant"), ANSWERS.c.expires < bindparam("now"))
_FIND = select(ANSWERS).where(*(column == bindparam(column.name) for column in ANSWERS.primary_key))
_KEEP = insert(ANSWERS)


@dataclass(frozen=True, slots=True)
class Key:
    """A key as one client uses it for one operation, with the fingerprint of what it was used for."""

    tenant: str
    client_id: str
    operation: str
    idempotency_key: str
    fingerprint: str

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What identifies the stored answer."""
        return (self.tenant, self.client_id, self.operation, self.idempotency_key)

    @property
    def row(self) -> dict[str, str]:
        """The same as columns."""
        return dict(zip(("tenant", "client_id", "operation", "idempotency_key"), self.place, strict=True))


def key_of(exchange: Exchange) -> Key | None:
    """The key that a request bears; its form is judged with the other parameters."""
    values = exchange.request.header_values(HEADER)
    if len(values) != 1 or exchange.operation_id is None:
        return None
    content = hashlib.sha256(exchange.request.url.encode() + b"\n")
    for piece in exchange.request.pieces():
        content.update(piece)
    client = exchange.tenant.profile.client_id
    return Key(exchange.tenant.id, client, exchange.operation_id, values[0], content.hexdigest())


def replayed(connection: Connection, key: Key, now: datetime) -> Answer | None:
    """The first answer under the key, None when there was none; another content is refused."""
    connection.execute(_FORGET, {"tenant": key.tenant, "now": micros(now)})
    row = connection.execute(_FIND, key.row).first()
    if row is None:
        return None
    if row.claimed_by is not None:
        raise Refused("idempotency-key-in-flight", headers=(("retry-after", "1"),))
    if row.fingerprint != key.fingerprint:
        raise Refused("idempotency-key-reused")
    return Answer(row.status, row.body, headers=(*map(tuple, row.headers), *_REPLAYED))


def keep(connection: Connection, key: Key, answer: Answer, until: datetime) -> None:
    """Keep the first answer under the key."""
    row = {**key.row, "fingerprint": key.fingerprint, "status": answer.status, "body": answer.body}
    row |= {"headers": [list(field) for field in answer.headers], "expires": micros(until)}
    connection.execute(_KEEP, row)


def claim(connection: Connection, key: Key, worker: int, until: datetime) -> bool:
    """Hold the key while the request waits; False where it has an answer or is held already."""
    if connection.execute(_FIND, key.row).first() is not None:
        return False
    row = {**key.row, "fingerprint": key.fingerprint, "status": 0, "headers": [], "body": b""}
    connection.execute(_KEEP, row | {"expires": micros(until), "claimed_by": worker})
    return True


def release(connection: Connection, key: Key) -> None:
    """Let go of a key that was held."""
    connection.execute(delete(ANSWERS).filter_by(**key.row).where(ANSWERS.c.claimed_by.is_not(None)))


def forget_claims(connection: Connection, *, worker: int) -> None:
    """Let go of what a worker held when it died."""
    connection.execute(delete(ANSWERS).where(ANSWERS.c.claimed_by == worker))
