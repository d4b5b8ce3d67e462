"""Write-back events: numbered per scenario, kept in the feed, which is the source of truth (EVT-001)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from tanpuhui.mock_platform.interface.answer import Answer
from tanpuhui.mock_platform.interface.paging import page_size
from tanpuhui.mock_platform.state.schema import EVENTS
from tanpuhui.spec.business_time import instant_text
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.interface.call import Call
    from tanpuhui.mock_platform.state.tenant import Tenant


def list_events(call: Call) -> Answer:
    """读取事件流 / Read the events feed."""
    after, size = int(call.parameters["after"]), page_size(call)
    chosen = select(EVENTS.c.sequence, EVENTS.c.body).where(
        EVENTS.c.tenant == call.tenant.id, EVENTS.c.sequence > after
    )
    rows = call.connection.execute(chosen.order_by(EVENTS.c.sequence).limit(size + 1)).all()
    shown = rows[:size]
    tail = dump_json({"next_after": shown[-1].sequence if shown else after, "more": len(rows) > size})
    events = b",".join(row.body for row in shown)
    return Answer(200, b'{"events":[' + events + b"]," + tail[1:])


def next_sequence(connection: Connection, tenant: str) -> int:
    """The number of the scenario's next event."""
    last = select(func.coalesce(func.max(EVENTS.c.sequence), 0)).where(EVENTS.c.tenant == tenant)
    return int(connection.execute(last).scalar_one()) + 1


def cloud_event(
    tenant: Tenant, order: Mapping[str, Any], sequence: int, now: datetime, event_id: str
) -> dict[str, Any]:
    """The event as CloudEvents 1.0 writes it."""
    data = order["data"]
    subject = order.get("subject") or data.get("link_id") or data.get("record_id")
    return {
        "specversion": "1.0",
        "id": f"evt_{event_id}",
        "source": tenant.issuer,
        "type": order["type"],
        **({"subject": subject} if subject else {}),
        "time": instant_text(now),
        "datacontenttype": "application/json",
        "sequence": sequence,
        "data": dict(data),
    }


def keep_event(connection: Connection, tenant: str, event: Mapping[str, Any]) -> bytes:
    """Put an event into the feed and return the bytes that are delivered."""
    body = dump_json(event)
    row = {"tenant": tenant, "sequence": event["sequence"], "event_id": event["id"], "body": body}
    connection.execute(insert(EVENTS), row)
    return body
