"""One tenant: a platform of its own with keys, limits, clock and the one scenario that reports to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from joserfc.jwk import ECKey

from tanpuhui.mock_platform.state.clock import Clock
from tanpuhui.spec.limits import Limits, Times
from tanpuhui.spec.signing import SigningKey, public_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.spec.signing import PublicKeys


@dataclass(frozen=True, slots=True)
class Profile:
    """The scenario as it is registered."""

    scenario_id: str
    client_id: str
    name: str
    schemes: tuple[str, ...]
    callback_url: str | None
    jwks: Mapping[str, Any]
    approval: Mapping[str, Any]

    @classmethod
    def from_mapping(cls, stored: Mapping[str, Any]) -> Self:
        """The registration as it was stored."""
        return cls(**{**stored, "schemes": tuple(stored["schemes"])})

    def as_mapping(self) -> dict[str, Any]:
        """The registration as it is stored."""
        return {name: getattr(self, name) for name in self.__slots__} | {"schemes": list(self.schemes)}


@dataclass(frozen=True, slots=True)
class Tenant:
    """Everything about a tenant that every request needs; replaced as a whole when something changes."""

    id: str
    issuer: str
    key: SigningKey
    token_key: ECKey
    cursor_secret: bytes
    limits: Limits
    times: Times
    profile: Profile
    client_keys: PublicKeys
    clock: Clock
    revision: int

    @classmethod
    def from_row(cls, row: Mapping[str, Any], base_url: str) -> Self:
        """The tenant as its row tells, under the address that the platform has now."""
        profile = Profile.from_mapping(row["scenario"])
        return cls(
            id=row["tenant"],
            issuer=f"{base_url}/t/{row['tenant']}",
            key=SigningKey.from_jwk(row["signing_jwk"]),
            token_key=ECKey.import_key(row["signing_jwk"]),
            cursor_secret=row["cursor_secret"],
            limits=Limits.from_mapping(row["limits"]),
            times=Times.from_mapping(row["times"]),
            profile=profile,
            client_keys=public_keys(dict(profile.jwks)),
            clock=Clock.from_mapping(row["clock"]),
            revision=row["revision"],
        )

    def as_row(self) -> dict[str, Any]:
        """The row that holds the tenant."""
        return {
            "tenant": self.id,
            "signing_jwk": self.key.private_jwk(),
            "cursor_secret": self.cursor_secret,
            "limits": self.limits.as_mapping(),
            "times": self.times.as_mapping(),
            "scenario": self.profile.as_mapping(),
            "clock": self.clock.as_mapping(),
            "revision": self.revision,
        }
