"""Watches a run: the journal with its news, the state, and whether anybody is at home."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from tanpuhui.mock_platform.bell import waited
from tanpuhui.mock_platform.control.desk import json_response
from tanpuhui.mock_platform.handlers.jobs import shown_job
from tanpuhui.mock_platform.interface.answer import Refused
from tanpuhui.mock_platform.state import journal
from tanpuhui.mock_platform.state.deliveries import delivery_states
from tanpuhui.mock_platform.state.devices import page_of_devices
from tanpuhui.mock_platform.state.jobs import all_jobs
from tanpuhui.mock_platform.state.links import page_of_links
from tanpuhui.mock_platform.state.records import counted
from tanpuhui.spec.business_time import instant_text
from tanpuhui.spec.problem import PlaceError
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request

    from tanpuhui.mock_platform.control.desk import Desk
    from tanpuhui.mock_platform.state.tenant import Tenant
    from tanpuhui.mock_platform.state.tenants import Tenants

_LONGEST_WAIT = 60.0
_ALL = 2**31


async def health(_: Desk, __: Request) -> Response:
    """在线 / Alive."""
    return json_response({"status": "ok"})


async def read_journal(desk: Desk, request: Request) -> Response:
    """读取日志，可等待新条目 / Read the journal, waiting for news if asked to."""
    tenant = await desk.tenant(request)
    after, wait = _number(request, "after"), min(_number(request, "wait"), _LONGEST_WAIT)
    end = asyncio.get_running_loop().time() + wait
    while True:
        ring = desk.platform.entries.next(tenant.id)
        entries, last = await desk.platform.run(
            tenant.id, partial(journal.read, tenant=tenant.id, after=int(after))
        )
        left = end - asyncio.get_running_loop().time()
        if entries or left <= 0 or not await waited(ring, left) or desk.platform.entries.closed:
            break
    body = b'{"entries":[' + b",".join(entries) + b"]," + dump_json({"next": last})[1:]
    return Response(body, media_type="application/json")


def _number(request: Request, name: str) -> float:
    text = request.query_params.get(name, "0")
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < _ALL:
        place = PlaceError(f"/query/{name}", "value", "应为非负数 / shall be a number, zero or more")
        raise Refused("parameter-invalid", [place])
    return value


async def read_state(desk: Desk, request: Request) -> Response:
    """读取状态：记录、减排量、投递、连通、任务、设备 / Read the state: records, reduction, deliveries, links, jobs, devices."""
    tenant = await desk.tenant(request)
    return json_response(
        await desk.platform.run(tenant.id, partial(_state, tenant=tenant, tenants=desk.platform.tenants))
    )


def _state(connection: Connection, *, tenant: Tenant, tenants: Tenants) -> dict[str, Any]:
    links = [link for _, link in page_of_links(connection, tenant.id, -1, _ALL)]
    now = instant_text(tenants.now(tenant))
    deliveries = delivery_states(connection, tenant.id)
    jobs = [shown_job(tenant, job) for job in all_jobs(connection, tenant.id)]
    devices = [device for _, device in page_of_devices(connection, tenant.id, -1, _ALL)]
    kept = {"deliveries": deliveries, "links": links, "jobs": jobs, "devices": devices}
    return {"now": now, **counted(connection, tenant), **kept}
