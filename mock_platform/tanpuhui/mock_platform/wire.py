"""The one place where this room speaks HTTP as a client: deliveries to the scenario."""

from __future__ import annotations

import asyncio
from typing import Literal
from urllib.parse import urlsplit

import httpx

from tanpuhui.mock_platform.address import require_loopback
from tanpuhui.spec.message import HttpRequest, HttpResponse, headers_of

Failure = Literal["timeout", "connection"]
_LONGEST_ANSWER = 1024 * 1024


class Wire:
    """Sends requests as they are: no redirects, no proxies, nothing decoded."""

    def __init__(self) -> None:
        self._client = httpx.AsyncClient(
            follow_redirects=False,
            trust_env=False,
            headers={"accept-encoding": "identity"},
            timeout=None,  # noqa: S113  # the whole exchange has its time limit in `send`
        )

    async def send(self, request: HttpRequest, seconds: float) -> HttpResponse | Failure:
        """The scenario's answer, or why there is none within the time."""
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
        sent = self._client.stream(
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
        await self._client.aclose()
