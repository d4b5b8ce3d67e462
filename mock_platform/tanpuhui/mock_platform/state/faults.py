"""Scripted faults: each is data, counted, and tells when it fired; nothing goes wrong by chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update

from tanpuhui.mock_platform.state.schema import FAULTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Row

BEFORE_EFFECT = frozenset({"lose_request", "delay", "answer", "expire_token"})
ON_VERDICTS = frozenset({"verdict"})
ON_SUCCESS = frozenset({"lose_answer", "unknown_members", "break_receipt"})
ON_EVENTS = frozenset({"mute_delivery", "duplicate_delivery", "hold_delivery"})
ON_JOBS = frozenset({"break_job", "slow_job"})
KINDS = BEFORE_EFFECT | ON_VERDICTS | ON_SUCCESS | ON_EVENTS | ON_JOBS
_COLUMNS = ("id", "kind", "operation", "skip", "times")
_LEFT = FAULTS.c.fired < FAULTS.c.times
_AT = (FAULTS.c.tenant == bindparam("tenant"), FAULTS.c.operation == bindparam("operation"))
_ANY = select(FAULTS.c.id).where(*_AT, _LEFT).limit(1)


@dataclass(frozen=True, slots=True)
class Fault:
    """One armed fault: where it strikes, and its details by kind."""

    id: str
    kind: str
    operation: str
    details: Mapping[str, Any]

    def as_note(self) -> dict[str, Any]:
        """How the journal names it."""
        return {"fault": self.id, "fault_kind": self.kind, "operation": self.operation}


def arm(connection: Connection, tenant: str, faults: Sequence[Mapping[str, Any]]) -> None:
    """Replace the tenant's faults by these, all counters at zero."""
    connection.execute(delete(FAULTS).where(FAULTS.c.tenant == tenant))
    for position, fault in enumerate(faults):
        details = {name: value for name, value in fault.items() if name not in _COLUMNS}
        row = {"id": f"fault-{position + 1}", "operation": "receiveEvent", "skip": 0, "times": 1}
        row |= {name: fault[name] for name in _COLUMNS if name in fault}
        counters = {"tenant": tenant, "position": position, "details": details, "seen": 0, "fired": 0}
        connection.execute(insert(FAULTS), row | counters)


def armed(connection: Connection, tenant: str) -> list[dict[str, Any]]:
    """The tenant's faults with how often each fired."""
    rows = connection.execute(select(FAULTS).filter_by(tenant=tenant).order_by(FAULTS.c.position))
    return [
        {**{name: getattr(row, name) for name in _COLUMNS}, **row.details, "fired": row.fired} for row in rows
    ]


def any_armed(connection: Connection, tenant: str, operation: str) -> bool:
    """Whether a fault is still to fire at this operation; most of the time none is."""
    return connection.execute(_ANY, {"tenant": tenant, "operation": operation}).first() is not None


def strike(connection: Connection, tenant: str, operation: str, kinds: frozenset[str]) -> Fault | None:
    """The first armed fault whose turn it is at this occasion; those that still skip count the occasion."""
    chosen = (FAULTS.c.tenant == tenant, FAULTS.c.operation == operation, FAULTS.c.kind.in_(kinds))
    for row in connection.execute(select(FAULTS).where(*chosen, _LEFT).order_by(FAULTS.c.position)).all():
        ripe = row.seen >= row.skip
        _count(connection, row, "fired" if ripe else "seen")
        if ripe:
            return Fault(row.id, row.kind, row.operation, row.details)
    return None


def _count(connection: Connection, row: Row[Any], counter: str) -> None:
    place = (FAULTS.c.tenant == row.tenant, FAULTS.c.position == row.position)
    connection.execute(update(FAULTS).where(*place).values({counter: FAULTS.c[counter] + 1}))
