"""A JSON call as both of the judge's own interfaces need it: one request, one expected status, one JSON answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from tanpuhui.spec.message import Headers, HttpRequest, HttpResponse

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class Sender(Protocol):
    """Whatever carries a request to the other side."""

    def send(self, request: HttpRequest, *, timeout: float) -> HttpResponse:
        """The answer to the request."""


class CallFailed(RuntimeError):
    """接口没有按约定应答 / An interface of the test set-up did not answer as agreed; the answer is not quoted."""

    def __init__(self, side: str, operation: str, status: int, expected: Collection[int]) -> None:
        wanted = "、".join(str(one) for one in sorted(expected))
        super().__init__(
            f"{side} 的 {operation} 应答 {status}，应为 {wanted} / {operation} of {side} answered {status}, not {wanted}"
        )
        self.side, self.operation, self.status = side, operation, status


@dataclass(frozen=True, slots=True)
class JsonInterface:
    """Where the interface is, what it is called in messages, and the fields that every call bears."""

    wire: Sender
    base_url: str
    side: str
    headers: Headers = field(default=(), repr=False)

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        expect: Collection[int] = (200,),
        headers: Headers = (),
        timeout: float = 10.0,
    ) -> Any:
        """The decoded answer (None where it has no body); another status or no JSON is CallFailed."""
        content = json.dumps(body, ensure_ascii=False).encode() if body is not None else b""
        fields = self.headers + headers + ((("content-type", "application/json"),) if content else ())
        request = HttpRequest(method, self.base_url.rstrip("/") + path, fields, content)
        answer = self.wire.send(request, timeout=timeout)
        operation = f"{method} {path.partition('?')[0]}"
        if answer.status not in expect:
            raise CallFailed(self.side, operation, answer.status, expect)
        try:
            return json.loads(answer.body) if answer.body else None
        except ValueError as error:
            raise CallFailed(
                self.side, f"{operation}（不是 JSON / no JSON）", answer.status, expect
            ) from error
