"""Content-Digest (RFC 9530): ties a signature over header fields to the bytes of the body."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

from tanpuhui.spec.structured_field import MalformedField, parse_dictionary

if TYPE_CHECKING:
    from collections.abc import Iterable

REQUIRED = "sha-256"
_HASHES = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}


class BodyDigest:
    """Takes in a body that comes piece by piece."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def update(self, piece: bytes) -> None:
        """The next bytes, as sent."""
        self._hash.update(piece)

    def field(self) -> str:
        """The field for what came so far."""
        return f"{REQUIRED}=:{base64.b64encode(self._hash.digest()).decode()}:"


def content_digest(body: bytes) -> str:
    """The field for a body, over the bytes as sent."""
    return content_digest_of((body,))


def content_digest_of(pieces: Iterable[bytes]) -> str:
    """The field for a body that is not held in memory."""
    digest = BodyDigest()
    for piece in pieces:
        digest.update(piece)
    return digest.field()


def digest_matches(field: str, body: bytes) -> bool:
    """Whether a field names the body's SHA-256 and no digest in it contradicts the body (SIG-002)."""
    return digest_matches_pieces(field, (body,))


def digest_matches_pieces(field: str, pieces: Iterable[bytes]) -> bool:
    """The same for a body that is not held in memory; it is read once."""
    try:
        members = parse_dictionary(field)
    except MalformedField:
        return False
    known = {name: value for name, (value, _) in members.items() if name in _HASHES}
    hashes = {name: _HASHES[name]() for name in known}
    for piece in pieces:
        for one in hashes.values():
            one.update(piece)
    return REQUIRED in known and all(
        isinstance(value, bytes) and hmac.compare_digest(value, hashes[name].digest())
        for name, value in known.items()
    )
