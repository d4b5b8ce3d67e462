"""Which event is delivered when: the bookkeeping of deliveries, by the tenant's clock (EVT-001)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from tanpuhui.mock_platform.state.clock import instant, micros
from tanpuhui.mock_platform.state.schema import DELIVERIES, EVENTS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.state.faults import Fault
    from tanpuhui.mock_platform.state.tenant import Tenant

WAITING, HELD, MUTED, DONE, GIVEN_UP = "waiting", "held", "muted", "done", "given-up"
_FAULTY = {"mute_delivery": MUTED, "hold_delivery": HELD}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event that is due."""

    sequence: int
    body: bytes
    attempts: int
    acknowledged: bool
    again: bool


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is due now, or else when something will be."""

    due: Delivery | None
    next_at: datetime | None


def plan_delivery(
    connection: Connection, tenant: str, sequence: int, now: datetime, fault: Fault | None
) -> None:
    """Deliver a new event at once, or as a fault demands: never, twice, or after the next one."""
    kind = fault.kind if fault else ""
    row = {"tenant": tenant, "sequence": sequence, "state": _FAULTY.get(kind, WAITING), "due_at": micros(now)}
    row |= {"attempts": 0, "again": kind == "duplicate_delivery", "acknowledged": False}
    connection.execute(insert(DELIVERIES), row)


def agenda(connection: Connection, tenant: Tenant, now: datetime) -> Agenda:
    """The delivery that is due first."""
    if tenant.profile.callback_url is None:
        return Agenda(None, None)
    event = (EVENTS.c.tenant == DELIVERIES.c.tenant) & (EVENTS.c.sequence == DELIVERIES.c.sequence)
    chosen = select(DELIVERIES, EVENTS.c.body).join(EVENTS, event).where(DELIVERIES.c.tenant == tenant.id)
    waiting = chosen.where(DELIVERIES.c.state == WAITING).order_by(DELIVERIES.c.due_at, DELIVERIES.c.sequence)
    row = connection.execute(waiting.limit(1)).first()
    if row is None:
        return Agenda(None, None)
    if row.due_at > micros(now):
        return Agenda(None, instant(row.due_at))
    return Agenda(Delivery(row.sequence, row.body, row.attempts, row.acknowledged, row.again), None)


def settle(
    connection: Connection, tenant: Tenant, delivery: Delivery, *, accepted: bool, now: datetime
) -> None:
    """Book an attempt: acknowledged, to be repeated, or given up; an event held back comes after this one."""
    attempts = delivery.attempts + 1
    acknowledged = delivery.acknowledged or accepted
    again = delivery.again and accepted
    values: dict[str, Any] = {
        "attempts": attempts,
        "acknowledged": acknowledged,
        "again": delivery.again and not again,
    }
    schedule = tenant.times.event_retry_seconds
    if acknowledged:
        values |= {"state": WAITING if again else DONE, "due_at": micros(now)}
    elif attempts <= len(schedule):
        values["due_at"] = micros(now + timedelta(seconds=schedule[attempts - 1]))
    else:
        values["state"] = GIVEN_UP
    own = (DELIVERIES.c.tenant == tenant.id, DELIVERIES.c.sequence == delivery.sequence)
    connection.execute(update(DELIVERIES).where(*own).values(values))
    behind = (
        DELIVERIES.c.tenant == tenant.id,
        DELIVERIES.c.sequence < delivery.sequence,
        DELIVERIES.c.state == HELD,
    )
    connection.execute(update(DELIVERIES).where(*behind).values(state=WAITING, due_at=micros(now)))


def delivery_states(connection: Connection, tenant: str) -> list[dict[str, Any]]:
    """Every event with how its delivery stands."""
    event = (EVENTS.c.tenant == DELIVERIES.c.tenant) & (EVENTS.c.sequence == DELIVERIES.c.sequence)
    chosen = select(DELIVERIES, EVENTS.c.event_id).join(EVENTS, event).where(DELIVERIES.c.tenant == tenant)
    return [
        {
            "event": row.event_id,
            "sequence": row.sequence,
            "state": row.state,
            "attempts": row.attempts,
            "acknowledged": row.acknowledged,
        }
        for row in connection.execute(chosen.order_by(DELIVERIES.c.sequence))
    ]
