"""Opaque places in a list, authenticated so that a client cannot make one up (API-007)."""

from __future__ import annotations

import base64
import hashlib
import hmac

from tanpuhui.mock_platform.interface.answer import Refused

_MAC_BYTES = 12


def write_cursor(secret: bytes, listing: str, position: int) -> str:
    """The cursor that goes on after a position of this listing."""
    place = position.to_bytes(8, "big")
    return base64.urlsafe_b64encode(place + _mac(secret, listing, place)).decode().rstrip("=")


def read_cursor(secret: bytes, listing: str, cursor: str) -> int:
    """The position that a cursor of this listing stands for; any other cursor is refused."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise Refused("parameter-invalid") from None
    place, mac = raw[:8], raw[8:]
    if not hmac.compare_digest(mac, _mac(secret, listing, place)):
        raise Refused("parameter-invalid")
    return int.from_bytes(place, "big")


def _mac(secret: bytes, listing: str, place: bytes) -> bytes:
    return hmac.new(secret, listing.encode() + b"\n" + place, hashlib.sha256).digest()[:_MAC_BYTES]
