"""The one door to HTTP: sends a plain request and brings back a plain response, or None when none came."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import TYPE_CHECKING, Any, Self

import httpx

from tanpuhui.spec.message import HttpRequest, HttpResponse, headers_of
from tanpuhui.spec.version import __version__

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator
    from types import TracebackType

    from tanpuhui.spec.message import Headers

ANSWER_MAX_BYTES = 16 * 1024 * 1024
"""Longer answers are not read to their end: no call of the law needs them."""

# RuntimeError: the client was closed while another thread was about to send.
_NO_ANSWER = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, RuntimeError)
_LOOPBACK = ("all://127.0.0.1", "all://localhost", "all://[::1]")
_FIELDS = {"user-agent": f"tanpuhui-reference-client/{__version__}", "accept-encoding": "identity"}


@cache
def _trust() -> ssl.SSLContext:
    """Whom we believe, read once: hundreds of certificates that would otherwise be read for every pool."""
    return httpx.create_ssl_context()


def _options() -> dict[str, Any]:
    """No redirects: a signed request is meant for one address. No proxy on the way to this machine."""
    mounts = dict.fromkeys(_LOOPBACK)
    return {"headers": _FIELDS, "follow_redirects": False, "mounts": mounts, "verify": _trust()}


def _fields(request: HttpRequest) -> Headers:
    """A body in a file goes out piece by piece, its length said beforehand."""
    if request.body_file is None:
        return request.headers
    return (*request.headers, ("content-length", str(request.body_file.stat().st_size)))


async def _pieces(request: HttpRequest) -> AsyncIterator[bytes]:
    pieces = request.pieces()
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece


def _response(answer: httpx.Response, body: bytes) -> HttpResponse:
    return HttpResponse(answer.status_code, headers_of(answer.headers.multi_items()), body)


class SyncWire:
    """A connection pool that threads may share."""

    def __init__(self) -> None:
        self._client = httpx.Client(**_options())

    def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse | None:
        """The answer; None where it did not come, came broken or was longer than any call needs."""
        try:
            content = request.pieces() if request.body_file else request.body
            sending = self._client.build_request(
                request.method, request.url, headers=_fields(request), content=content, timeout=timeout
            )
            answer = self._client.send(sending, stream=True)
            try:
                body = bytearray()
                for piece in answer.iter_raw():
                    body += piece
                    if len(body) > ANSWER_MAX_BYTES:
                        return None
            finally:
                answer.close()
        except _NO_ANSWER:
            return None
        return _response(answer, bytes(body))

    def close(self) -> None:
        """Gives the connections back."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncWire:
    """The same for an event loop."""

    def __init__(self) -> None:
        self._client = httpx.AsyncClient(**_options())

    async def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse | None:  # noqa: ASYNC109
        """The answer; None where it did not come, came broken or was longer than any call needs."""
        try:
            content = _pieces(request) if request.body_file else request.body
            sending = self._client.build_request(
                request.method, request.url, headers=_fields(request), content=content, timeout=timeout
            )
            answer = await self._client.send(sending, stream=True)
            try:
                body = bytearray()
                async for piece in answer.aiter_raw():
                    body += piece
                    if len(body) > ANSWER_MAX_BYTES:
                        return None
            finally:
                await answer.aclose()
        except _NO_ANSWER:
            return None
        return _response(answer, bytes(body))

    async def aclose(self) -> None:
        """Gives the connections back."""
        await self._client.aclose()
