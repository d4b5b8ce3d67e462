"""Raises events: the change of state, the entry in the feed and the delivery, in one transaction."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from tanpuhui.mock_platform.control.desk import body_of, json_response, place_of
from tanpuhui.mock_platform.handlers.events import cloud_event, keep_event, next_sequence
from tanpuhui.mock_platform.interface.answer import Refused
from tanpuhui.mock_platform.interface.dress import with_unknown_members
from tanpuhui.mock_platform.state import journal
from tanpuhui.mock_platform.state.deliveries import plan_delivery
from tanpuhui.mock_platform.state.faults import ON_EVENTS, strike
from tanpuhui.mock_platform.state.links import change_link
from tanpuhui.mock_platform.state.records import decide_record
from tanpuhui.spec.business_time import instant_text
from tanpuhui.spec.document import document
from tanpuhui.spec.event import event_prefix, event_types

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from tanpuhui.mock_platform.control.desk import Desk
    from tanpuhui.mock_platform.state.tenant import Tenant

_KINDS = ON_EVENTS | {"unknown_members"}


async def raise_event(desk: Desk, request: Request) -> Response:
    """发生一个事件：改变状态、写入事件流并投递 / Raise an event: change the state, feed and deliver it."""
    tenant, order = await desk.tenant(request), await body_of(request, "event")
    named = order["type"] if order["type"].startswith(event_prefix()) else event_prefix() + order["type"]
    now = instant_text(desk.platform.tenants.now(tenant))
    if named in event_types() and event_types()[named].data == "LinkEventData":
        order["data"] = {"effective_at": now, **order["data"]}
    _require_sound(named, order["data"])
    event = await desk.platform.run(
        tenant.id, partial(_happen, desk=desk, tenant=tenant, order={**order, "type": named})
    )
    desk.platform.deliveries.ring(tenant.id)
    desk.platform.entries.ring(tenant.id)
    return json_response(event, 201)


def _require_sound(named: str, data: Mapping[str, Any]) -> None:
    if named not in event_types():
        return  # an unknown type is delivered as it is: receivers acknowledge it (EVT-006)
    errors = [place_of(error, "/data") for error in _data_schema(event_types()[named].data).iter_errors(data)]
    if errors:
        raise Refused("schema-violation", errors)


@cache
def _data_schema(name: str) -> jsonschema_rs.Draft202012Validator:
    components = document("platform")["components"]
    rooted = {"$ref": f"#/components/schemas/{name}", "components": components}
    return jsonschema_rs.Draft202012Validator(rooted, validate_formats=True)


def _happen(
    connection: Connection, *, desk: Desk, tenant: Tenant, order: Mapping[str, Any]
) -> dict[str, Any]:
    now = desk.platform.tenants.now(tenant)
    sequence = next_sequence(connection, tenant.id)
    _apply(connection, tenant, order, sequence)
    fault = strike(connection, tenant.id, "receiveEvent", _KINDS)
    event = cloud_event(tenant, order, sequence, now, desk.platform.new_id())
    shown: dict[str, Any] = (
        with_unknown_members(event) if fault and fault.kind == "unknown_members" else event
    )
    keep_event(connection, tenant.id, shown)
    plan_delivery(connection, tenant.id, sequence, now, fault)
    journal.note(
        connection, tenant.id, "event", now, event=event["id"], type=event["type"], sequence=sequence
    )
    if fault is not None:
        journal.note(connection, tenant.id, "fault_fired", now, **fault.as_note(), event=event["id"])
    return shown


def _apply(connection: Connection, tenant: Tenant, order: Mapping[str, Any], sequence: int) -> None:
    known = event_types().get(order["type"])
    if known is not None and known.data == "LinkEventData":
        change_link(connection, tenant.id, order["data"], sequence)
    elif known is not None:
        decide_record(connection, tenant, order["data"]["record_id"], order["data"]["verdict"])
