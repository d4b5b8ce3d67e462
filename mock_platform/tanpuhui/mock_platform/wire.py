"""The one place where this room speaks HTTP as a client: deliveries to the scenario."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from tanpuhui.mock_platform.address import require_loopback
from tanpuhui.spec.message import HttpRequest, HttpResponse, headers_of

if TYPE_CHECKING:
    import httpx

Failure = Literal["timeout", "connection"]
_LONGEST_ANSWER = 1024 * 1024


class Wire:
    """Sends requests as they are: no redirects, no proxies, nothing decoded; ready when first needed."""

    def __init__(self) -> None:
        self._opened: httpx.AsyncClient | None = None

    def _client(self) -> httpx.AsyncClient:
        import httpx  # noqa: PLC0415  # a platform that sends nothing starts without it

        self._opened = self._opened or httpx.AsyncClient(
            follow_redirects=False,
            trust_env=False,
            headers={"accept-encoding": "identity"},
            timeout=None,  # noqa: S113  # the whole exchange has its time limit in `send`
        )
        return self._opened

    async def send(self, request: HttpRequest, seconds: float) -> HttpResponse | Failure:
        """The scenario's answer, or why there is none within the time."""
        import httpx  # noqa: PLC0415  # see `_client`

        parts = urlsplit(request.url)
        require_loopback(f"{parts.scheme}://{parts.netloc}{parts.path}")
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(request)
        except TimeoutError:
            return "timeout"
        except httpx.HTTPError:
            return "connection"

    async def _exchange(self, request: HttpRequest) -> HttpResponse:
        sent = self._client().stream(
            request.method, request.url, headers=list(request.headers), content=request.body or None
        )
        async with sent as response:
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > _LONGEST_ANSWER:
                    break
            fields = headers_of(response.headers.multi_items())
            return HttpResponse(response.status_code, fields, bytes(body))

    async def close(self) -> None:
        """Close all connections."""
        if self._opened is not None:
            await self._opened.aclose()
