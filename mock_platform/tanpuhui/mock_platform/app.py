"""The platform's own interface as an ASGI application: one address space per tenant under /t/<tenant>."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from starlette.middleware.errors import ServerErrorMiddleware
from starlette.responses import Response

from tanpuhui.mock_platform.handlers.uploads import UPLOAD
from tanpuhui.mock_platform.interface.answer import Refused, problem_answer
from tanpuhui.mock_platform.interface.arrival import Arrival
from tanpuhui.mock_platform.interface.dress import undressed
from tanpuhui.mock_platform.interface.early import Pause
from tanpuhui.mock_platform.interface.exchange import Exchange
from tanpuhui.mock_platform.interface.idempotency import key_of, release
from tanpuhui.mock_platform.interface.protocol import cut, gone
from tanpuhui.mock_platform.interface.routing import find_route
from tanpuhui.mock_platform.service import Changed, Outcome
from tanpuhui.mock_platform.state.writer import Caught, StoreLost
from tanpuhui.spec.message import headers_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from tanpuhui.mock_platform.interface.idempotency import Key
    from tanpuhui.mock_platform.interface.preparation import Prepared
    from tanpuhui.mock_platform.running import Platform
    from tanpuhui.mock_platform.state.tenant import Tenant
    from tanpuhui.spec.message import Headers, HttpResponse

_LONG = 16 * 1024
_LATER = (("retry-after", "1"),)
_AGAIN_SECONDS = 0.5
_ADDRESS = re.compile(r"/t/(?P<tenant>[a-z0-9][a-z0-9-]{0,62})(?P<path>/.*)")


def platform_app(platform: Platform) -> ASGIApp:
    """The application; a fault of our own is answered as problem `internal` and logged."""
    return ServerErrorMiddleware(_Application(platform), handler=partial(_internal, platform))


class _Application:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._serving = 0
        self._giving_back: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = self._platform.new_id()
        try:
            await self._handle(scope, receive, send, request_id)
        except StoreLost:
            answer = problem_answer(Refused("maintenance", headers=_LATER), request_id)
            await _respond(send, undressed(answer, self._platform.tenants.wall(), request_id))

    async def _handle(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        found = _ADDRESS.fullmatch(scope["raw_path"].decode("ascii"))
        tenant = await self._known(found["tenant"]) if found else None
        if found is None or tenant is None:
            await _respond(send, _not_found(self._platform, request_id))
            return
        route = find_route(scope["method"], found["path"])
        with Arrival.for_route(route, tenant.limits) as arrival:
            at = self._platform.tenants.now(tenant)
            await arrival.complete(receive)
            request = arrival.request(*_head(scope, tenant, found["path"]))
            exchange = Exchange(tenant, request, route, at, request_id, arrival.oversized)
            await self._answered(exchange, scope, receive, send)

    async def _known(self, name: str) -> Tenant | None:
        """The tenant as last seen here: before anything takes effect it is looked at again (`_begun`)."""
        return self._platform.tenants.get(name) or await self._platform.find(name)

    async def _answered(self, exchange: Exchange, scope: Scope, receive: Receive, send: Send) -> None:
        outcome: Outcome | None = None
        caught = Caught()
        with caught:
            outcome = await self._queued(exchange, partial(gone, scope))
        if isinstance(caught.error, StoreLost):
            self._let_go(exchange)
        elif caught.error is not None:  # a mistake of ours: told to the scenario and the journal, then logged
            unit = partial(self._platform.service.fail, exchange=exchange)
            outcome = await self._platform.run(exchange.tenant.id, unit)
        self._platform.entries.ring(exchange.tenant.id)
        if exchange.operation_id == UPLOAD:
            self._platform.jobs.ring(exchange.tenant.id)
        if outcome is not None:
            await _sent(outcome, scope, receive, send)
        if caught.error is not None:
            raise caught.error

    def _let_go(self, exchange: Exchange) -> None:
        """Give back a key that was held for a request when the database went away, once it has come back."""
        key = key_of(exchange) if exchange.claimed else None
        if key is not None:
            task = asyncio.create_task(self._given_back(key))
            self._giving_back.add(task)
            task.add_done_callback(self._giving_back.discard)

    async def _given_back(self, key: Key) -> None:
        while True:
            with suppress(StoreLost):
                return await self._platform.run(key.tenant, partial(release, key=key))
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _queued(self, exchange: Exchange, hung_up: Callable[[], bool]) -> Outcome:
        """Serve the request in its turn, or refuse it at once where too many wait already."""
        if self._serving >= self._platform.pace.most_waiting:
            return self._platform.service.turn_away(exchange)
        self._serving += 1
        try:
            return await self._served(exchange, hung_up)
        finally:
            self._serving -= 1

    async def _served(self, exchange: Exchange, hung_up: Callable[[], bool]) -> Outcome:
        platform, tenant = self._platform, exchange.tenant.id
        outcome = await self._begun(exchange)
        if isinstance(outcome, Pause):
            await asyncio.sleep(outcome.seconds)
            exchange.abandoned = hung_up()
            prepared = await self._prepared(exchange)
            unit = partial(platform.service.finish, exchange=exchange, prepared=prepared)
            return await platform.run(tenant, unit)
        return outcome

    async def _begun(self, exchange: Exchange) -> Outcome | Pause:
        platform = self._platform
        while True:
            prepared = await self._prepared(exchange)
            unit = partial(platform.service.begin, exchange=exchange, prepared=prepared)
            outcome = await platform.run(exchange.tenant.id, unit)
            if not isinstance(outcome, Changed):
                return outcome
            if outcome.tenant is None:
                return Outcome(_not_found(platform, exchange.request_id))
            exchange.tenant, exchange.at = outcome.tenant, platform.tenants.now(outcome.tenant)

    async def _prepared(self, exchange: Exchange) -> Prepared:
        """Short requests are prepared here and now, long ones beside the loop."""
        prepare = self._platform.service.prepare
        if len(exchange.request.body) < _LONG and exchange.request.body_file is None:
            return prepare(exchange)
        return await asyncio.to_thread(prepare, exchange)


async def _sent(outcome: Outcome, scope: Scope, receive: Receive, send: Send) -> None:
    if outcome.response is None:
        await cut(scope, receive)
    else:
        await _respond(send, outcome.response)


def _not_found(platform: Platform, request_id: str) -> HttpResponse:
    """The answer where there is no platform of that name to sign one."""
    return undressed(problem_answer(Refused("not-found"), request_id), platform.tenants.wall(), request_id)


def _head(scope: Scope, tenant: Tenant, path: str) -> tuple[str, str, Headers]:
    query = scope["query_string"].decode("latin-1")
    # the address as registered, never as the Host field says
    url = f"{tenant.issuer}{path}{'?' if query else ''}{query}"
    fields = headers_of((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    return scope["method"], url, fields


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
