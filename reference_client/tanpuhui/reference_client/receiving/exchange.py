"""Between ASGI and plain messages: requests within bounds, and refusals as problems only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from tanpuhui.reference_client.calling.errors import ScenarioError, Stopped
from tanpuhui.reference_client.receiving.answering import problem_answer
from tanpuhui.spec.message import HttpRequest, headers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request

    from tanpuhui.spec.message import HttpResponse

_STATUS_PROBLEMS = {404: "not-found", 405: "method-not-allowed"}


def application(routes: Sequence[Route]) -> Starlette:
    """An application that answers nothing but what its routes say and problems."""
    app = Starlette(routes=routes, exception_handlers={HTTPException: _refused, Exception: _failed})
    app.router.redirect_slashes = False
    return app


def route(
    method: str,
    path: str,
    judge: Callable[[HttpRequest], HttpResponse],
    *,
    base_url: Callable[[], str],
    body_max: Callable[[], int],
) -> Route:
    """One operation; its judgement may block, so it has a thread to itself."""

    async def endpoint(request: Request) -> Response:
        taken = await _taken_in(request, base_url(), body_max())
        return _given(await run_in_threadpool(_judged, judge, taken))

    made = Route(path, endpoint, methods=[method])
    made.methods = {method}
    return made


def _judged(judge: Callable[[HttpRequest], HttpResponse], request: HttpRequest) -> HttpResponse:
    try:
        return judge(request)
    except Stopped:
        return problem_answer("maintenance", fields=(("retry-after", "1"),))
    except ScenarioError:
        return problem_answer("internal")


async def _taken_in(request: Request, base_url: str, body_max: int) -> HttpRequest:
    """The request at its public address, whatever its Host field says; a longer body is cut short."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > body_max:
            break
    query = request.scope["query_string"].decode("latin-1")
    address = base_url + request.scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
    fields = headers_of(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw
    )
    return HttpRequest(request.method, address, fields, bytes(body))


def _given(answer: HttpResponse) -> Response:
    given = Response(answer.body, answer.status)
    for name, value in answer.headers:
        given.headers.append(name, value)
    return given


async def _refused(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    allow = error.headers if isinstance(error, HTTPException) else None
    fields = tuple((name.lower(), value) for name, value in (allow or {}).items())
    return _given(problem_answer(_STATUS_PROBLEMS.get(status, "internal"), fields=fields))


async def _failed(_: Request, __: Exception) -> Response:
    return _given(problem_answer("internal"))
