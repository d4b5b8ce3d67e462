"""Requests for a token as checks see them: the form, the assertion in it, and the token that came back."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from tanpuhui.conformance.recording.exchange import Decoded, Exchange, decoded
from tanpuhui.conformance.verdict import Text

REQUEST_TOKEN = "requestToken"  # noqa: S105  # the name of an operation  # the name of an operation


_PARTS = 3
"""Header, claims, signature."""


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """One call of the token endpoint."""

    exchange: Exchange
    form: Mapping[str, str]
    assertion_header: Decoded
    assertion_claims: Decoded

    @property
    def token(self) -> str | None:
        """The access token that was issued, None where none was."""
        value = self._answered("access_token")
        return value if isinstance(value, str) else None

    @property
    def expires_in(self) -> int | None:
        """For how many seconds it was issued."""
        value = self._answered("expires_in")
        return value if isinstance(value, int) else None

    def _answered(self, member: str) -> object:
        body = self.exchange.answer.value if self.exchange.answered_ok else None
        return body.get(member) if isinstance(body, Mapping) else None


def token_requests_in(exchanges: Iterable[Exchange]) -> tuple[TokenRequest, ...]:
    """The token requests among exchanges."""
    return tuple(_read(exchange) for exchange in exchanges if exchange.operation == REQUEST_TOKEN)


def _read(exchange: Exchange) -> TokenRequest:
    form = dict(parse_qsl(exchange.request.body.decode(errors="replace"), keep_blank_values=True))
    parts = form.get("client_assertion", "").split(".")
    header, claims = (_part(parts, index) for index in (0, 1))
    return TokenRequest(exchange, form, header, claims)


def _part(parts: list[str], index: int) -> Decoded:
    if len(parts) != _PARTS:  # header, claims, signature
        return Decoded(error=Text("断言不是由三段组成的 JWS", "the assertion is no JWS of three parts"))
    try:
        return decoded(base64.urlsafe_b64decode(parts[index] + "=" * (-len(parts[index]) % 4)))
    except (binascii.Error, ValueError):
        return Decoded(error=Text("断言不是 base64url", "the assertion is no base64url"))
