"""Content-Digest (RFC 9530): ties a signature over header fields to the bytes of the body."""

from __future__ import annotations

import base64
import hashlib
import hmac

from tanpuhui.spec.structured_field import MalformedField, parse_dictionary

REQUIRED = "sha-256"
_HASHES = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}


def content_digest(body: bytes) -> str:
    """The field for a body, over the bytes as sent."""
    return f"{REQUIRED}=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def digest_matches(field: str, body: bytes) -> bool:
    """Whether a field names the body's SHA-256 and no digest in it contradicts the body (SIG-002)."""
    try:
        members = parse_dictionary(field)
    except MalformedField:
        return False
    known = {name: value for name, (value, _) in members.items() if name in _HASHES}
    return REQUIRED in known and all(
        isinstance(value, bytes) and hmac.compare_digest(value, _HASHES[name](body).digest())
        for name, value in known.items()
    )
