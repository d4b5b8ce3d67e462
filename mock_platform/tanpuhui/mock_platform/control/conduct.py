"""Conducts a run: moves the clock and arms the faults."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from tanpuhui.mock_platform.control.desk import body_of, json_response, misuse
from tanpuhui.mock_platform.handlers.uploads import UPLOAD
from tanpuhui.mock_platform.interface.operations import operations
from tanpuhui.mock_platform.state import journal
from tanpuhui.mock_platform.state.faults import ON_EVENTS, ON_JOBS, ON_VERDICTS, arm, armed
from tanpuhui.spec.business_time import InvalidInstant, instant_text
from tanpuhui.spec.problem import problem_types, reasons

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from tanpuhui.mock_platform.control.desk import Desk

_EARLIEST, _LATEST = 2000, 2100
_JUDGED = ("submitBatch", UPLOAD)


async def move_clock(desk: Desk, request: Request) -> Response:
    """移动租户时钟 / Move the tenant's clock."""
    tenant, change = await desk.tenant(request), await body_of(request, "clock")
    now = await desk.platform.run(tenant.id, partial(_move, desk=desk, name=tenant.id, change=change))
    for bell in (desk.platform.clocks, desk.platform.deliveries, desk.platform.entries):
        bell.ring(tenant.id)
    return json_response({"now": instant_text(now)})


def _move(connection: Connection, *, desk: Desk, name: str, change: Mapping[str, Any]) -> datetime:
    tenants = desk.platform.tenants
    tenant, wall = tenants.get(name), tenants.wall()
    if tenant is None:
        raise misuse("租户已被删除 / the tenant has been removed")
    try:
        clock = tenant.clock.moved(wall, change)
    except (InvalidInstant, OverflowError):
        raise misuse("时刻不合规定 / not an instant that the clock can show") from None
    now = clock.at(wall)
    if not _EARLIEST <= now.year < _LATEST:
        raise misuse("时钟只能在 2000 至 2099 年之间移动 / the clock moves between 2000 and 2099 only")
    tenants.change(connection, replace(tenant, clock=clock))
    journal.note(connection, name, "clock", now, scale=clock.scale, frozen=clock.frozen)
    return now


async def arm_faults(desk: Desk, request: Request) -> Response:
    """装入故障脚本，替换原有的 / Arm faults in place of those that were armed."""
    tenant, order = await desk.tenant(request), await body_of(request, "faults")
    for place, fault in enumerate(order["faults"]):
        _require_sound(fault, f"/faults/{place}")
    await desk.platform.run(tenant.id, partial(_arm, desk=desk, tenant=tenant.id, faults=order["faults"]))
    desk.platform.entries.ring(tenant.id)
    return await list_faults(desk, request)


def _arm(connection: Connection, *, desk: Desk, tenant: str, faults: list[dict[str, Any]]) -> None:
    arm(connection, tenant, faults)
    now = (
        desk.platform.tenants.wall()
        if (found := desk.platform.tenants.get(tenant)) is None
        else desk.platform.tenants.now(found)
    )
    journal.note(connection, tenant, "faults_armed", now, faults=len(faults))


def _require_sound(fault: Mapping[str, Any], place: str) -> None:
    extra = ["receiveEvent"] if fault["kind"] == "unknown_members" else []
    known = [*(each.id for each in operations()), *extra]
    operation = fault.get("operation")
    if fault["kind"] in ON_VERDICTS and operation not in _JUDGED:
        raise misuse(
            f"verdict 只用于 {'、'.join(_JUDGED)} / verdict strikes {' and '.join(_JUDGED)} only",
            f"{place}/operation",
        )
    if fault["kind"] in ON_JOBS and operation != UPLOAD:
        raise misuse(f"{fault['kind']} 只用于 {UPLOAD} / it strikes {UPLOAD} only", f"{place}/operation")
    if fault["kind"] not in ON_EVENTS and operation not in known:
        raise misuse(
            f"没有这个操作，可选：{', '.join(known)} / no such operation; see the list", f"{place}/operation"
        )
    if fault.get("problem", "internal") not in problem_types():
        raise misuse("没有这个问题代码，见附录 D / no such problem code, see annex D", f"{place}/problem")
    if fault.get("code", "quality-rule") not in reasons():
        raise misuse("没有这个理由代码，见附录 D / no such reason code, see annex D", f"{place}/code")


async def list_faults(desk: Desk, request: Request) -> Response:
    """列出故障及其触发次数 / List the faults with how often they fired."""
    tenant = await desk.tenant(request)
    found = await desk.platform.run(tenant.id, partial(armed, tenant=tenant.id))
    return json_response({"faults": found})
