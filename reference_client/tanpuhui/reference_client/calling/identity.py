"""Who the scenario is to the platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tanpuhui.spec.signing import SigningKey

ALL_SCOPES = ("activity:write", "activity:read", "link:read", "event:read", "device:read", "device:write")


@dataclass(frozen=True, slots=True)
class Identity:
    """What the platform registered, and the key that proves it."""

    discovery_url: str
    client_id: str
    key: SigningKey
    scopes: tuple[str, ...] = ALL_SCOPES
