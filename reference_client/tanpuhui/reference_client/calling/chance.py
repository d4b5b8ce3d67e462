"""Randomness as one value that is passed in: record ids, keys, nonces and jitter come from here."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62


@dataclass(frozen=True, slots=True)
class Chance:
    """Where everything unpredictable comes from; a test passes its own."""

    bits: Callable[[int], int] = secrets.randbits

    def token(self) -> str:
        """128 unpredictable bits as text, for nonces and assertion ids."""
        return f"{self.bits(128):032x}"

    def share(self) -> float:
        """Evenly from 0 up to 1."""
        return self.bits(53) / (1 << 53)

    def time_ordered_id(self, at: datetime) -> str:
        """A UUIDv7 (RFC 9562): ids made later sort later, which suits every index they enter."""
        millis = int(at.timestamp() * 1000) & ((1 << 48) - 1)
        high, low = divmod(self.bits(74), 1 << 62)
        text = f"{millis << 80 | _VERSION | high << 64 | _VARIANT | low:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
