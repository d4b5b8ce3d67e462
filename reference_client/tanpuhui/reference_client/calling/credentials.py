"""Proving who the scenario is: the client assertion and the token it buys (AUT-001 … AUT-004)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tanpuhui.spec.message import HttpRequest

if TYPE_CHECKING:
    from tanpuhui.reference_client.calling.answers import Discovery, TokenAnswer
    from tanpuhui.reference_client.calling.chance import Chance
    from tanpuhui.reference_client.calling.identity import Identity

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_LIFE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and the platform time at which it ends."""

    value: str
    ends: datetime


class Credentials:
    """Keeps the one token that is in use."""

    def __init__(self, identity: Identity, chance: Chance) -> None:
        self.identity = identity
        self.chance = chance
        self.token: Token | None = None

    def claims(self, discovery: Discovery, now: datetime) -> dict[str, Any]:
        """What the assertion says: meant for this platform alone, short-lived, used once (AUT-002)."""
        issued = int(now.timestamp())
        life = min(_ASSERTION_LIFE_SECONDS, int(discovery.times.assertion_life_seconds))
        return {
            "iss": self.identity.client_id,
            "sub": self.identity.client_id,
            "aud": discovery.issuer,
            "iat": issued,
            "exp": issued + max(life, 1),
            "jti": self.chance.token(),
        }

    def assertion(self, claims: dict[str, Any]) -> str:
        """The claims signed with ES256."""
        from joserfc import jwt  # noqa: PLC0415  # costly to import, needed only here
        from joserfc.jwk import ECKey  # noqa: PLC0415

        key = ECKey.import_key(self.identity.key.private_jwk())
        header = {"alg": "ES256", "typ": "JWT", "kid": self.identity.key.key_id}
        return jwt.encode(header, claims, key, algorithms=["ES256"])

    def token_request(self, discovery: Discovery, now: datetime) -> HttpRequest:
        """The request that buys a token."""
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.assertion(self.claims(discovery, now)),
            "scope": " ".join(self.identity.scopes),
        }
        fields = (("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded"))
        return HttpRequest("POST", discovery.token_endpoint, fields, urlencode(form).encode())

    def keep(self, answer: TokenAnswer, asked: datetime) -> Token:
        """Takes a new token into use; its life counts from the moment it was asked for."""
        self.token = Token(answer.access_token, asked + timedelta(seconds=answer.expires_in))
        return self.token

    def usable(self, now: datetime) -> Token | None:
        """The token in use while it is valid (AUT-003)."""
        return self.token if self.token is not None and now < self.token.ends else None

    def refuse(self, value: str) -> None:
        """Forgets a token that the platform refused (AUT-004); a newer one stays."""
        if self.token is not None and self.token.value == value:
            self.token = None
