"""The control interface as an ASGI application; its errors speak as the platform's own do."""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from tanpuhui.mock_platform.control import conduct, quality, single, tenancy, watch, writeback
from tanpuhui.mock_platform.control.desk import Desk
from tanpuhui.mock_platform.interface.answer import Refused, problem_answer
from tanpuhui.mock_platform.state.writer import StoreLost

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from tanpuhui.mock_platform.rounds import Rounds
    from tanpuhui.mock_platform.running import Platform

    Endpoint = Callable[[Desk, Request], Awaitable[Response]]

_TENANT = "/tenants/{tenant}"


def control_app(platform: Platform, staff: Sequence[Rounds]) -> ASGIApp:
    """The application over one platform."""
    table: tuple[tuple[str, str, Endpoint], ...] = (
        ("GET", "/health", watch.health),
        ("POST", "/tenants", tenancy.create_tenant),
        ("DELETE", _TENANT, tenancy.remove_tenant),
        ("PATCH", f"{_TENANT}/scenario", tenancy.change_scenario),
        ("PUT", f"{_TENANT}/links", tenancy.replace_all_links),
        ("POST", f"{_TENANT}/clock", conduct.move_clock),
        ("PUT", f"{_TENANT}/faults", conduct.arm_faults),
        ("GET", f"{_TENANT}/faults", conduct.list_faults),
        ("POST", f"{_TENANT}/events", writeback.raise_event),
        ("POST", f"{_TENANT}/deliver", single.deliver),
        ("POST", f"{_TENANT}/quality-runs", quality.run_quality),
        ("GET", f"{_TENANT}/journal", watch.read_journal),
        ("GET", f"{_TENANT}/state", watch.read_state),
    )
    desk = Desk(platform, staff)
    routes = [Route(path, partial(endpoint, desk), methods=[method]) for method, path, endpoint in table]
    return Starlette(routes=routes, exception_handlers=_HANDLERS)


async def _refused(_: Request, error: Exception) -> Response:
    refused = error if isinstance(error, Refused) else Refused("internal")
    answer = problem_answer(refused, str(uuid.uuid4()))
    return Response(answer.body, answer.status, dict(answer.headers), answer.media_type)


async def _no_such_place(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    fields = (error.headers or {}) if isinstance(error, HTTPException) else {}
    code = {404: "not-found", 405: "method-not-allowed"}.get(status, "internal")
    return await _refused(request, Refused(code, headers=tuple(fields.items())))


async def _lost(request: Request, _: Exception) -> Response:
    return await _refused(request, Refused("maintenance", headers=(("retry-after", "1"),)))


_HANDLERS = {Refused: _refused, StoreLost: _lost, HTTPException: _no_such_place, Exception: _refused}
