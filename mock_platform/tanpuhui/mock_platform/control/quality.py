"""Has a quality report made now, whether it is due or not."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from tanpuhui.mock_platform.control.desk import body_of, json_response, misuse
from tanpuhui.mock_platform.quality.period import InvalidPeriod, Period
from tanpuhui.mock_platform.quality.reporting import Office, make_report
from tanpuhui.mock_platform.state import journal

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from tanpuhui.mock_platform.control.desk import Desk
    from tanpuhui.mock_platform.state.tenant import Tenant


async def run_quality(desk: Desk, request: Request) -> Response:
    """立即出具数据质量报告，替换已有的 / Make a quality report now, in place of an earlier one."""
    tenant, order = await desk.tenant(request), await body_of(request, "qualityRun")
    try:
        period = Period.of(order["period"])
    except InvalidPeriod as error:
        raise misuse(str(error), "/period") from None
    report = await desk.platform.run(tenant.id, partial(_make, desk=desk, tenant=tenant, period=period))
    desk.platform.entries.ring(tenant.id)
    return json_response(report)


def _make(connection: Connection, *, desk: Desk, tenant: Tenant, period: Period) -> dict[str, Any]:
    now = desk.platform.tenants.now(tenant)
    report = make_report(Office(connection, tenant, now), period)
    journal.note(connection, tenant.id, "quality_run", now, period=period.text)
    return report
