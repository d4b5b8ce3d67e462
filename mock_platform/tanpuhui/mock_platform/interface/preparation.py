"""What a request says by itself: found out beside the store, so that nobody waits for it in the queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openapi_core.datatypes import RequestParameters
from openapi_core.security.exceptions import SecurityProviderError
from werkzeug.datastructures import Headers

from tanpuhui.mock_platform.interface.answer import Refused
from tanpuhui.mock_platform.interface.intake import (
    given_parameters,
    read_body,
    read_parameters,
    require_sound_fields,
)
from tanpuhui.mock_platform.state.tokens import TokenRefused, read_token
from tanpuhui.spec.signing import REQUEST_TAG, SignatureRefused, verify_request

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from openapi_core.security.providers import BaseProvider

    from tanpuhui.mock_platform.interface.exchange import Exchange
    from tanpuhui.mock_platform.state.tokens import AccessToken
    from tanpuhui.spec.signing import Verified


@dataclass(frozen=True, slots=True)
class Content:
    """Parameters and body as the operation demands them."""

    parameters: Mapping[str, Any]
    key_sound: bool
    body: Any


_UNSIGNED = SignatureRefused("signature-missing", "缺少消息签名", "message signature missing")
_NO_TOKEN = TokenRefused("absent")


@dataclass(frozen=True, slots=True)
class Prepared:
    """Findings in the order of the law; what comes after the first refusal was not looked at.

    Signature and token are both looked at, so that the journal can tell of both.
    """

    now: datetime
    refused: Refused | None = None
    signature: Verified | SignatureRefused = _UNSIGNED
    token: AccessToken | TokenRefused = _NO_TOKEN
    content: Content | Refused | None = None
    forethought: Any = None


def prepare(exchange: Exchange, now: datetime) -> Prepared:
    """Everything about a request that does not depend on what the platform keeps."""
    try:
        _require_place(exchange)
        require_sound_fields(exchange)
    except Refused as refused:
        return Prepared(now, refused)
    bearer = exchange.operation.bearer
    if bearer is None:
        return Prepared(now, content=_content(exchange))
    signature, token = _signature(exchange), _token(exchange, bearer)
    refused_already = isinstance(signature, SignatureRefused) or isinstance(token, TokenRefused)
    return Prepared(
        now, signature=signature, token=token, content=None if refused_already else _content(exchange)
    )


def _require_place(exchange: Exchange) -> None:
    allowed = exchange.route.allowed
    if not allowed:
        raise Refused("not-found")
    if exchange.route.operation is None:
        raise Refused("method-not-allowed", headers=(("allow", ", ".join(allowed)),))


def _signature(exchange: Exchange) -> Verified | SignatureRefused:
    tenant, request = exchange.tenant, exchange.request
    token_bound = bool(request.header_values("authorization"))
    try:
        return verify_request(
            request,
            tenant.client_keys,
            now=exchange.at,
            tag=REQUEST_TAG,
            times=tenant.times,
            token_bound=token_bound,
        )
    except SignatureRefused as refused:
        return refused


def _token(exchange: Exchange, bearer: BaseProvider) -> AccessToken | TokenRefused:
    try:
        token = bearer(RequestParameters(header=Headers(list(exchange.request.headers))))
        return read_token(exchange.tenant, token)
    except SecurityProviderError:
        return TokenRefused("absent")
    except TokenRefused as refused:
        return refused


def _content(exchange: Exchange) -> Content | Refused:
    operation = exchange.operation
    try:
        parameters, key_sound = read_parameters(operation, given_parameters(exchange))
        return Content(parameters, key_sound, read_body(operation, exchange))
    except Refused as refused:
        return refused
