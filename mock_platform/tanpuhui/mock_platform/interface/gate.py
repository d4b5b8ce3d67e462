"""The gate before every protected operation: signature, nonce, token and scope, in the order of the law."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tanpuhui.mock_platform.interface.answer import Refused
from tanpuhui.mock_platform.state.tokens import TokenRefused, require_valid
from tanpuhui.mock_platform.state.used import Use, used_first
from tanpuhui.spec.signing import SignatureRefused

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tanpuhui.mock_platform.interface.exchange import Exchange
    from tanpuhui.mock_platform.interface.preparation import Prepared
    from tanpuhui.spec.signing import Verified


def admit(connection: Connection, exchange: Exchange, prepared: Prepared) -> None:
    """Let the request pass or refuse it; everything that could be observed is noted either way."""
    if prepared.refused is not None:
        raise prepared.refused
    if exchange.operation.bearer is None:
        return
    for refusal in (_signature(connection, exchange, prepared), _token(connection, exchange, prepared)):
        if refusal is not None:
            raise refusal


def _signature(connection: Connection, exchange: Exchange, prepared: Prepared) -> Refused | None:
    verified = prepared.signature
    if isinstance(verified, SignatureRefused):
        exchange.observed.update(signature=verified.code, nonce_fresh=None)
        return Refused(verified.code, detail=f"{verified.zh} / {verified.en}")
    exchange.observed.update(signature="ok", key_id=verified.key_id, nonce=verified.nonce)
    fresh = used_first(connection, _nonce(exchange, verified), exchange.at)
    exchange.observed["nonce_fresh"] = fresh
    return None if fresh else Refused("nonce-replayed")


def _nonce(exchange: Exchange, verified: Verified) -> Use:
    kept = timedelta(seconds=exchange.tenant.times.nonce_keep_seconds)
    return Use(exchange.tenant.id, "nonce", verified.key_id, verified.nonce, exchange.at + kept)


def _token(connection: Connection, exchange: Exchange, prepared: Prepared) -> Refused | None:
    token = prepared.token
    try:
        if isinstance(token, TokenRefused):
            raise token
        require_valid(connection, exchange.tenant, token, exchange.at)
    except TokenRefused as refused:
        exchange.observed["token"] = refused.why
        return Refused("token-invalid")
    exchange.token = token
    enough = exchange.operation.scopes <= token.scopes
    exchange.observed["token"] = "ok" if enough else "insufficient-scope"
    return None if enough else Refused("insufficient-scope")
