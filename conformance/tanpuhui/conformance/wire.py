"""The judge's one door to HTTP: plain requests out, plain answers back, no proxy, no redirect, no waiting beyond."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Self

import httpx

from tanpuhui.spec.message import HttpRequest, HttpResponse, headers_of
from tanpuhui.spec.version import __version__

if TYPE_CHECKING:
    import ssl
    from types import TracebackType

_FIELDS = {"user-agent": f"tanpuhui-conformance/{__version__}", "accept-encoding": "identity"}


@cache
def _trust() -> ssl.SSLContext:
    """Whom we believe, read once; not by what the environment names, as everything else here."""
    return httpx.create_ssl_context(trust_env=False)


class Unreachable(ConnectionError):
    """对端不可达 / Nobody answered: where, and what happened on the way there."""

    def __init__(self, url: str, what: str) -> None:
        super().__init__(f"{url} 不可达（{what}）/ {url} cannot be reached ({what})")
        self.url, self.what = url, what


class Wire:
    """One client for a whole run; every request states how long it waits."""

    def __init__(self) -> None:
        self._client = httpx.Client(headers=_FIELDS, follow_redirects=False, trust_env=False, verify=_trust())

    def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:
        """The answer, or Unreachable."""
        try:
            answer = self._client.request(
                request.method,
                request.url,
                headers=list(request.headers),
                content=request.body,
                timeout=httpx.Timeout(timeout, connect=min(timeout, 5.0)),
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unreachable(request.url, type(error).__name__) from error
        return HttpResponse(answer.status_code, headers_of(answer.headers.multi_items()), answer.content)

    def close(self) -> None:
        """Gives the connections back."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
