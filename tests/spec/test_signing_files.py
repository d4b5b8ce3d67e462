"""A body that stays in a file is signed and verified as one in memory is, and never read as a whole."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tanpuhui.spec.digest import BodyDigest, content_digest, content_digest_of, digest_matches_pieces
from tanpuhui.spec.limits import default_times
from tanpuhui.spec.message import PIECE_BYTES, HttpRequest, file_pieces
from tanpuhui.spec.signing import (
    REQUEST_TAG,
    SignatureRefused,
    SigningKey,
    Verified,
    public_keys,
    sign_request,
    verify_request,
)

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
OWN = SigningKey.generate()
CONTENT = b'{"record_id":"0199c1f0"}\n' * 40_000
FIELDS = (("authorization", "Bearer t"), ("content-type", "application/x-ndjson"))


@pytest.fixture
def upload(tmp_path: Path) -> HttpRequest:
    path = tmp_path / "records.ndjson"
    path.write_bytes(CONTENT)
    return HttpRequest("POST", "https://p.example/v1/uploads", FIELDS, body_file=path)


def signed(request: HttpRequest) -> HttpRequest:
    return sign_request(request, OWN, created=NOON, nonce="n-1", tag=REQUEST_TAG)


def verified(request: HttpRequest) -> Verified:
    keys = public_keys({"keys": [OWN.public_jwk()]})
    return verify_request(request, keys, now=NOON, tag=REQUEST_TAG, times=default_times(), token_bound=True)


def test_a_file_is_digested_as_its_bytes_are(upload: HttpRequest) -> None:
    assert signed(upload).header("content-digest") == content_digest(CONTENT)
    assert {"content-digest", "content-type"} <= {
        name.strip('"') for name in verified(signed(upload)).covered
    }


def test_a_file_that_changed_after_it_was_signed_is_refused(upload: HttpRequest) -> None:
    request = signed(upload)
    assert upload.body_file is not None
    upload.body_file.write_bytes(CONTENT[:-1])
    with pytest.raises(SignatureRefused) as refused:
        verified(request)
    assert refused.value.code == "digest-mismatch"


def test_a_digest_that_is_known_already_is_not_taken_again(upload: HttpRequest) -> None:
    assert upload.body_file is not None
    digest = content_digest_of(file_pieces(upload.body_file))
    upload.body_file.unlink()
    assert signed(upload.with_headers((("content-digest", digest),))).header("content-digest") == digest


def test_a_file_comes_in_pieces(upload: HttpRequest) -> None:
    pieces = list(upload.pieces())
    assert (b"".join(pieces), max(map(len, pieces))) == (CONTENT, PIECE_BYTES)


def test_a_digest_grows_with_its_body() -> None:
    digest = BodyDigest()
    for piece in (b"one", b"", b"two"):
        digest.update(piece)
    assert digest.field() == content_digest(b"onetwo")
    assert digest_matches_pieces(digest.field(), iter((b"on", b"etwo")))
    assert not digest_matches_pieces(digest.field(), iter((b"on", b"e-two")))
