"""The gate before every protected operation: signature, nonce, token and scope, in the order of the law."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from openapi_core.datatypes import RequestParameters
from openapi_core.security.exceptions import SecurityProviderError
from werkzeug.datastructures import Headers

from tanpuhui.mock_platform.answer import Refused
from tanpuhui.mock_platform.tokens import AccessToken, TokenRefused, check_token
from tanpuhui.mock_platform.used import Use, used_first
from tanpuhui.spec.signing import REQUEST_TAG, SignatureRefused, verify_request

if TYPE_CHECKING:
    from openapi_core.security.providers import BaseProvider
    from sqlalchemy import Connection

    from tanpuhui.mock_platform.exchange import Exchange
    from tanpuhui.spec.signing import Verified


def admit(connection: Connection, exchange: Exchange) -> None:
    """Let the request pass or refuse it; everything that could be observed is noted either way."""
    bearer = exchange.operation.bearer
    if bearer is None:
        return
    for refusal in (_signature(connection, exchange), _token(connection, exchange, bearer)):
        if refusal is not None:
            raise refusal


def _signature(connection: Connection, exchange: Exchange) -> Refused | None:
    tenant, request = exchange.tenant, exchange.request
    token_bound = bool(request.header_values("authorization"))
    try:
        verified = verify_request(
            request,
            tenant.client_keys,
            now=exchange.at,
            tag=REQUEST_TAG,
            times=tenant.times,
            token_bound=token_bound,
        )
    except SignatureRefused as refused:
        exchange.observed.update(signature=refused.code, nonce_fresh=None)
        return Refused(refused.code, detail=f"{refused.zh} / {refused.en}")
    exchange.observed.update(signature="ok", key_id=verified.key_id, nonce=verified.nonce)
    fresh = used_first(connection, _nonce(exchange, verified), exchange.at)
    exchange.observed["nonce_fresh"] = fresh
    return None if fresh else Refused("nonce-replayed")


def _nonce(exchange: Exchange, verified: Verified) -> Use:
    kept = timedelta(seconds=exchange.tenant.times.nonce_keep_seconds)
    return Use(exchange.tenant.id, "nonce", verified.key_id, verified.nonce, exchange.at + kept)


def _token(connection: Connection, exchange: Exchange, bearer: BaseProvider) -> Refused | None:
    try:
        token = _presented(connection, exchange, bearer)
    except TokenRefused as refused:
        exchange.observed["token"] = refused.why
        return Refused("token-invalid")
    exchange.token = token
    enough = exchange.operation.scopes <= token.scopes
    exchange.observed["token"] = "ok" if enough else "insufficient-scope"
    return None if enough else Refused("insufficient-scope")


def _presented(connection: Connection, exchange: Exchange, bearer: BaseProvider) -> AccessToken:
    try:
        token = bearer(RequestParameters(header=Headers(list(exchange.request.headers))))
    except SecurityProviderError:
        raise TokenRefused("absent") from None
    return check_token(connection, exchange.tenant, token, exchange.at)
