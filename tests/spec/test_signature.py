"""What other implementers sign correctly in their own way is accepted, whatever its order or extras."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ECDSA_P256_SHA256

from tanpuhui.spec.limits import default_times
from tanpuhui.spec.message import HttpRequest, headers_of
from tanpuhui.spec.signature import SignatureRefused, Wanted, verify_message
from tanpuhui.spec.signing import (
    REQUEST_TAG,
    SigningKey,
    Verified,
    content_digest,
    public_keys,
    verify_request,
)

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
OWN = SigningKey.generate()
KEYS = public_keys({"keys": [OWN.public_jwk()]})
BODY = b"{}"
REQUIRED = ("@method", "@target-uri", "authorization", "content-digest", "content-type")


class Peer:
    """A request as another implementation holds it."""

    method = "POST"
    url = "https://p.example/v1/activity-batches?x=1"

    def __init__(self) -> None:
        self.headers = {"Authorization": "Bearer t", "Content-Type": "application/json", "Date": "x"}
        self.headers["Content-Digest"] = content_digest(BODY)

    def received(self) -> HttpRequest:
        return HttpRequest(self.method, self.url, headers_of(self.headers.items()), BODY)


def signed(peer: Peer, *covered: str, **parameters: object) -> HttpRequest:
    """The peer's request, signed by the library's own signer with its own defaults."""
    keys = MappingKeyResolver(public_keys={}, private_keys={OWN.key_id: OWN.private})
    chosen = {
        "created": NOON,
        "nonce": "n-1",
        "tag": REQUEST_TAG,
        "label": "tph",
        "use_existing_digest": True,
    }
    signer = HTTPMessageSigner(signature_algorithm=ECDSA_P256_SHA256, key_resolver=keys)
    signer.sign(peer, key_id=OWN.key_id, covered_component_ids=covered, **(chosen | parameters))  # type: ignore[arg-type]
    return peer.received()


def verify(request: HttpRequest) -> Verified:
    return verify_request(request, KEYS, now=NOON, tag=REQUEST_TAG, times=default_times(), token_bound=True)


@pytest.mark.parametrize(
    "covered",
    [REQUIRED, tuple(reversed(REQUIRED)), (*REQUIRED, "date"), (*REQUIRED, "@authority", "@query", "@path")],
)
@pytest.mark.parametrize("include_alg", [True, False])
def test_order_extra_components_and_a_fitting_algorithm_are_free(
    covered: tuple[str, ...], *, include_alg: bool
) -> None:
    assert verify(signed(Peer(), *covered, include_alg=include_alg)).covered == covered


def test_an_expiry_is_free_and_so_is_a_second_digest() -> None:
    peer = Peer()
    peer.headers["Content-Digest"] += f", sha-512=:{b64encode(hashlib.sha512(BODY).digest()).decode()}:"
    verified = verify(signed(peer, *REQUIRED, expires=NOON + timedelta(seconds=5)))
    assert verified.expires == NOON + timedelta(seconds=5)
    assert verify(signed(Peer(), *REQUIRED)).expires is None


def test_only_a_digest_the_profile_does_not_know_is_a_mismatch() -> None:
    peer = Peer()
    peer.headers["Content-Digest"] = f"sha-512=:{b64encode(hashlib.sha512(BODY).digest()).decode()}:"
    with pytest.raises(SignatureRefused) as refused:
        verify(signed(peer, *REQUIRED))
    assert refused.value.code == "digest-mismatch"


@pytest.mark.parametrize("missing", REQUIRED)
def test_each_required_component_is_required_by_name(missing: str) -> None:
    covered = [name for name in REQUIRED if name != missing]
    with pytest.raises(SignatureRefused, match=f"it does not cover {missing}$") as refused:
        verify(signed(Peer(), *covered))
    assert refused.value.code == "signature-invalid"


@pytest.mark.parametrize(
    "stand_in", ['"content-digest";key="sha-256"', '"content-digest";sf', '"content-digest";bs']
)
def test_a_part_of_a_required_component_does_not_stand_for_it(stand_in: str) -> None:
    with pytest.raises(SignatureRefused, match="it does not cover content-digest"):
        verify(signed(Peer(), *(name for name in REQUIRED if name != "content-digest"), stand_in))


def test_a_signature_is_found_by_tag_or_label_and_has_to_be_the_only_one() -> None:
    request = signed(Peer(), *REQUIRED)
    assert verify_message(request, KEYS, Wanted()).key_id == OWN.key_id
    for wanted in (Wanted(tag="other"), Wanted(label="other")):
        with pytest.raises(SignatureRefused, match="exactly one signature"):
            verify_message(request, KEYS, wanted)
    two = [
        (name, f"{value}, two{value[3:]}" if "signature" in name else value)
        for name, value in request.headers
    ]
    with pytest.raises(SignatureRefused, match="exactly one signature"):
        verify_message(HttpRequest(request.method, request.url, tuple(two), BODY), KEYS, Wanted())
