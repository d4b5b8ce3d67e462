"""Access tokens (RFC 9068): issued for the advertised life, checked at every call by the tenant's clock."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from joserfc import jwt
from joserfc.errors import JoseError
from sqlalchemy import insert, select

from tanpuhui.mock_platform.assertions import ALGORITHM
from tanpuhui.mock_platform.schema import REVOKED_TOKENS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.tenant import Tenant

_TYPE = "at+jwt"


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token that holds now: its id and what it permits."""

    jti: str
    scopes: frozenset[str]


class TokenRefused(Exception):
    """令牌未被接受 / Why a token does not count: absent, invalid, expired or revoked."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def issue_token(tenant: Tenant, scopes: str, now: datetime, jti: str) -> tuple[str, int]:
    """A new token and its life in seconds; it never ends earlier than that."""
    life = max(1, math.floor(tenant.times.token_life_seconds))
    claims = {
        "iss": tenant.issuer,
        "aud": tenant.issuer,
        "sub": tenant.profile.client_id,
        "client_id": tenant.profile.client_id,
        "scenario_id": tenant.profile.scenario_id,
        "scope": scopes,
        "iat": math.floor(now.timestamp()),
        "exp": math.ceil(now.timestamp()) + life,
        "jti": jti,
    }
    header = {"alg": ALGORITHM, "typ": _TYPE, "kid": tenant.key.key_id}
    return jwt.encode(header, claims, tenant.token_key, algorithms=[ALGORITHM]), life


def check_token(connection: Connection, tenant: Tenant, token: str, now: datetime) -> AccessToken:
    """What the token permits, when this platform issued it to this scenario and it still holds."""
    claims = _claims(tenant, token)
    if claims["exp"] <= now.timestamp():
        raise TokenRefused("expired")
    revoked = select(REVOKED_TOKENS.c.jti).filter_by(tenant=tenant.id, jti=claims["jti"])
    if connection.execute(revoked).first() is not None:
        raise TokenRefused("revoked")
    return AccessToken(claims["jti"], frozenset(claims["scope"].split()))


def revoke_token(connection: Connection, tenant: Tenant, jti: str) -> None:
    """From now on the token is refused."""
    connection.execute(insert(REVOKED_TOKENS), {"tenant": tenant.id, "jti": jti})


def _claims(tenant: Tenant, token: str) -> dict[str, Any]:
    try:
        decoded = jwt.decode(token, tenant.token_key, algorithms=[ALGORITHM])
    except (JoseError, ValueError):
        raise TokenRefused("invalid") from None
    claims = decoded.claims
    expected = (_TYPE, tenant.issuer, tenant.profile.client_id, tenant.profile.scenario_id)
    if (
        decoded.header.get("typ"),
        claims.get("iss"),
        claims.get("sub"),
        claims.get("scenario_id"),
    ) != expected:
        raise TokenRefused("invalid")
    return claims
