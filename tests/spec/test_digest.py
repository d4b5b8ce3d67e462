"""A Content-Digest is the SHA-256 of the bytes as sent."""

from __future__ import annotations

import hashlib
from base64 import b64encode

import pytest

from tanpuhui.spec.digest import content_digest, digest_matches

BODY = b'{"hello": "world"}'
RFC_9421 = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"
SHA_512 = f"sha-512=:{b64encode(hashlib.sha512(BODY).digest()).decode()}:"


def test_the_digest_is_that_of_rfc_9421() -> None:
    assert content_digest(BODY) == RFC_9421


@pytest.mark.parametrize(
    "field", [RFC_9421, f"{RFC_9421}, {SHA_512}", f"md5=:AAAA:, {RFC_9421}", f"{RFC_9421};a=1"]
)
def test_further_digests_do_no_harm_where_they_agree(field: str) -> None:
    assert digest_matches(field, BODY)


@pytest.mark.parametrize(
    "field",
    [
        "",
        "sha-256",
        SHA_512,
        "md5=:AAAA:",
        'sha-256="X48E"',
        "sha-256=:X48E:",
        "碳",
        f"{RFC_9421}, sha-512=:AAAA:",
        f"{RFC_9421}, {RFC_9421}",
        "sha-256=(:X48E:)",
        RFC_9421.upper(),
    ],
)
def test_anything_else_is_no_digest_of_the_body(field: str) -> None:
    assert not digest_matches(field, BODY)


def test_one_byte_makes_another_digest() -> None:
    assert not digest_matches(RFC_9421, BODY + b"\n")
    assert digest_matches(content_digest(b""), b"")
