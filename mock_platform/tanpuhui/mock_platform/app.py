"""The platform's own interface as an ASGI application: one address space per tenant under /t/<tenant>."""

from __future__ import annotations

import asyncio
import re
from functools import partial
from typing import TYPE_CHECKING

from starlette.middleware.errors import ServerErrorMiddleware
from starlette.responses import Response

from tanpuhui.mock_platform.answer import Refused, problem_answer
from tanpuhui.mock_platform.dress import undressed
from tanpuhui.mock_platform.early import Pause
from tanpuhui.mock_platform.exchange import Exchange
from tanpuhui.mock_platform.protocol import cut, gone
from tanpuhui.mock_platform.routing import find_route
from tanpuhui.spec.message import HttpRequest, headers_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from tanpuhui.mock_platform.running import Platform
    from tanpuhui.mock_platform.service import Outcome
    from tanpuhui.mock_platform.tenant import Tenant
    from tanpuhui.spec.message import HttpResponse

_ADDRESS = re.compile(r"/t/(?P<tenant>[a-z0-9][a-z0-9-]{0,62})(?P<path>/.*)")


def platform_app(platform: Platform) -> ASGIApp:
    """The application; a fault of our own is answered as problem `internal` and logged."""
    return ServerErrorMiddleware(_Application(platform), handler=partial(_internal, platform))


class _Application:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = self._platform.new_id()
        found = _ADDRESS.fullmatch(scope["raw_path"].decode("ascii"))
        tenant = self._platform.tenants.get(found["tenant"]) if found else None
        if found is None or tenant is None:
            answer = problem_answer(Refused("not-found"), request_id)
            await _respond(send, undressed(answer, self._platform.tenants.wall(), request_id))
            return
        exchange = await self._arrived(scope, receive, tenant, found["path"], request_id)
        outcome: Outcome | None = None
        try:
            outcome = await self._served(exchange, partial(gone, scope))
        finally:
            if outcome is None:  # a mistake of ours: told to the scenario and the journal, then logged
                outcome = await self._platform.store.run(
                    partial(self._platform.service.fail, exchange=exchange)
                )
            self._platform.entries.ring(tenant.id)
            await _sent(outcome, scope, receive, send)

    async def _arrived(
        self, scope: Scope, receive: Receive, tenant: Tenant, path: str, request_id: str
    ) -> Exchange:
        at = self._platform.tenants.now(tenant)
        body, oversized = await _body(receive, tenant.limits.body_max_bytes)
        query = scope["query_string"].decode("latin-1")
        # the address as registered, never as the Host field says
        url = f"{tenant.issuer}{path}{'?' if query else ''}{query}"
        fields = headers_of(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
        )
        request = HttpRequest(scope["method"], url, fields, body)
        return Exchange(tenant, request, find_route(scope["method"], path), at, request_id, oversized)

    async def _served(self, exchange: Exchange, hung_up: Callable[[], bool]) -> Outcome:
        platform = self._platform
        outcome = await platform.store.run(partial(platform.service.begin, exchange=exchange))
        if isinstance(outcome, Pause):
            await asyncio.sleep(outcome.seconds)
            exchange.abandoned = hung_up()
            return await platform.store.run(partial(platform.service.finish, exchange=exchange))
        return outcome


async def _sent(outcome: Outcome, scope: Scope, receive: Receive, send: Send) -> None:
    if outcome.response is None:
        await cut(scope, receive)
    else:
        await _respond(send, outcome.response)


async def _body(receive: Receive, most: int) -> tuple[bytes, bool]:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > most:
            return b"", True
        if not message.get("more_body", False):
            return bytes(body), False


async def _respond(send: Send, response: HttpResponse) -> None:
    length = (("content-length", str(len(response.body))),) if response.status != 204 else ()  # noqa: PLR2004
    fields = [
        (name.encode("latin-1"), value.encode("latin-1")) for name, value in (*response.headers, *length)
    ]
    await send({"type": "http.response.start", "status": response.status, "headers": fields})
    await send({"type": "http.response.body", "body": response.body})


def _internal(platform: Platform, _: Request, __: Exception) -> Response:
    request_id = platform.new_id()
    answer = problem_answer(Refused("internal"), request_id)
    plain = undressed(answer, platform.tenants.wall(), request_id)
    return Response(plain.body, plain.status, dict(plain.headers))
