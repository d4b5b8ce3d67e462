"""Access tokens (RFC 9068): issued for the advertised life, checked at every call by the tenant's clock."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from sqlalchemy import bindparam, insert, select

from tanpuhui.mock_platform.state.assertions import ALGORITHM
from tanpuhui.mock_platform.state.schema import REVOKED_TOKENS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.state.tenant import Tenant
    from tanpuhui.spec.signing import SigningKey

_TYPE = "at+jwt"
_REVOKED = select(REVOKED_TOKENS.c.jti).where(
    *(column == bindparam(column.name) for column in REVOKED_TOKENS.primary_key)
)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token that this platform issued to this scenario: its id, what it permits and until when."""

    jti: str
    scopes: frozenset[str]
    expires: int


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


def read_token(tenant: Tenant, token: str) -> AccessToken:
    """What the token says, when this platform issued it to this scenario; it may no longer hold."""
    profile = tenant.profile
    return _read(token, tenant.key, (_TYPE, tenant.issuer, profile.client_id, profile.scenario_id))


def require_valid(connection: Connection, tenant: Tenant, token: AccessToken, now: datetime) -> None:
    """Refuse a token that has expired or was revoked."""
    if token.expires <= now.timestamp():
        raise TokenRefused("expired")
    if connection.execute(_REVOKED, {"tenant": tenant.id, "jti": token.jti}).first() is not None:
        raise TokenRefused("revoked")


def revoke_token(connection: Connection, tenant: Tenant, jti: str) -> None:
    """From now on the token is refused."""
    connection.execute(insert(REVOKED_TOKENS), {"tenant": tenant.id, "jti": jti})


@lru_cache(maxsize=256)
def _read(token: str, key: SigningKey, expected: tuple[str, ...]) -> AccessToken:
    """The token of a signature that holds; a scenario presents the same one many times."""
    try:
        decoded = jwt.decode(token, ECKey.import_key(key.public_jwk()), algorithms=[ALGORITHM])
    except (JoseError, ValueError):
        raise TokenRefused("invalid") from None
    claims = decoded.claims
    found = (decoded.header.get("typ"), claims.get("iss"), claims.get("sub"), claims.get("scenario_id"))
    if found != expected:
        raise TokenRefused("invalid")
    return AccessToken(claims["jti"], frozenset(claims["scope"].split()), claims["exp"])
