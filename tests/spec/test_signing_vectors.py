"""The published signature vectors hold, and every alteration listed with them is refused as listed."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from tanpuhui.spec.business_time import parse_instant
from tanpuhui.spec.law import law_text
from tanpuhui.spec.limits import default_times
from tanpuhui.spec.message import HttpRequest, HttpResponse, headers_of
from tanpuhui.spec.signature import Wanted, verify_message
from tanpuhui.spec.signing import (
    PublicKey,
    SignatureRefused,
    SigningKey,
    public_keys,
    sign_request,
    sign_response,
    verify_request,
    verify_response,
)

if TYPE_CHECKING:
    from datetime import datetime

PROFILE = json.loads(law_text("vectors/signature-profile.json"))
FOREIGN = json.loads(law_text("vectors/signature-rfc9421.json"))
CASES = {case["name"]: case for case in PROFILE["cases"]}
KEYS = {key.key_id: key for key in map(PublicKey.from_jwk, PROFILE["keys"])}
SIGNERS = {key.key_id: key for key in map(SigningKey.from_jwk, PROFILE["keys"])}
FOREIGN_KEYS = {jwk["kid"]: PublicKey.from_jwk(jwk) for jwk in FOREIGN["keys"]}


def a_request(case: dict[str, Any]) -> HttpRequest:
    return HttpRequest(case["method"], case["url"], headers_of(case["headers"]), case["body"].encode())


def a_response(case: dict[str, Any]) -> HttpResponse:
    return HttpResponse(case["status"], headers_of(case["headers"]), case["body"].encode())


def verify(case: dict[str, Any], now: datetime | None) -> None:
    times = default_times()
    if case["kind"] == "request":
        verify_request(
            a_request(case), KEYS, now=now, tag=case["tag"], times=times, token_bound=case["token_bound"]
        )
    else:
        verify_response(a_response(case), a_request(CASES[case["request"]]), KEYS, now=now, times=times)


def altered(refusal: dict[str, Any]) -> dict[str, Any]:
    kept = [field for field in CASES[refusal["of"]]["headers"] if field[0] not in refusal.get("remove", ())]
    exchanged = [[name, refusal.get("replace", {}).get(name, value)] for name, value in kept]
    changes = {name: value for name, value in refusal.items() if name in CASES[refusal["of"]]}
    headers = [*exchanged, *refusal.get("append", ())]
    return {**CASES[refusal["of"]], **changes, "headers": headers}


def holds(base: str, signature: str, key: PublicKey) -> None:
    """The signature over the written base, checked without any HTTP signature library."""
    raw = base64.b64decode(signature)
    if isinstance(key.public, EllipticCurvePublicKey):
        r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        key.public.verify(encode_dss_signature(r, s), base.encode(), ECDSA(SHA256()))
    else:
        key.public.verify(raw, base.encode())


@pytest.mark.parametrize("case", PROFILE["cases"], ids=lambda case: case["name"])
def test_every_case_verifies(case: dict[str, Any]) -> None:
    verify(case, parse_instant(case["created"]))


@pytest.mark.parametrize("case", PROFILE["cases"] + FOREIGN["cases"], ids=lambda case: case["name"])
def test_the_written_signature_base_is_what_is_signed(case: dict[str, Any]) -> None:
    holds(case["signature_base"], case["signature"], (KEYS | FOREIGN_KEYS)[case["key_id"]])
    assert f":{case['signature']}:" in dict(case["headers"])["signature"]


@pytest.mark.parametrize("name", ["write", "read", "event"])
def test_signing_gives_the_published_request(name: str) -> None:
    case = CASES[name]
    published = a_request(case)
    bare = published.without_headers("content-digest", "signature-input", "signature")
    signed = sign_request(
        bare,
        SIGNERS[case["key_id"]],
        created=parse_instant(case["created"]),
        nonce=case["nonce"],
        tag=case["tag"],
        life_seconds=case["life_seconds"],
    )
    assert signed == published


@pytest.mark.parametrize("name", ["receipt", "empty-receipt"])
def test_signing_gives_the_published_receipt(name: str) -> None:
    case = CASES[name]
    published = a_response(case)
    bare = published.without_headers("content-digest", "signature-input", "signature")
    request = a_request(CASES[case["request"]])
    key = SIGNERS[case["key_id"]]
    assert sign_response(bare, request, key, created=parse_instant(case["created"])) == published


@pytest.mark.parametrize("refusal", PROFILE["refusals"], ids=lambda refusal: refusal["en"])
def test_every_alteration_is_refused_for_its_own_reason(refusal: dict[str, Any]) -> None:
    case = altered(refusal)
    with pytest.raises(SignatureRefused) as refused:
        verify(case, parse_instant(refusal.get("now", case["created"])))
    assert refused.value.code == refusal["code"]


def test_every_published_key_is_named_by_its_thumbprint() -> None:
    assert [key.key_id for key in KEYS.values()] == [jwk["kid"] for jwk in PROFILE["keys"]]
    published = public_keys({"keys": [key.public_jwk() for key in SIGNERS.values()]})
    assert [key.jwk() for key in published.values()] == [key.jwk() for key in KEYS.values()]


@pytest.mark.parametrize("case", FOREIGN["cases"], ids=lambda case: case["name"])
def test_the_vectors_of_rfc_9421_verify(case: dict[str, Any]) -> None:
    message = a_request(case) if case["kind"] == "request" else a_response(case)
    verified = verify_message(message, FOREIGN_KEYS, Wanted(label=case["label"]))
    covered = [line.split(": ")[0].strip('"') for line in case["signature_base"].splitlines()[:-1]]
    assert verified.covered == tuple(covered)
    assert (verified.key_id, verified.created.timestamp()) == (case["key_id"], 1618884473)


@pytest.mark.parametrize("case", FOREIGN["cases"], ids=lambda case: case["name"])
def test_a_vector_of_rfc_9421_with_any_covered_part_altered_fails(case: dict[str, Any]) -> None:
    message = a_request(case) if case["kind"] == "request" else a_response(case)
    covered = verify_message(message, FOREIGN_KEYS, Wanted(label=case["label"])).covered
    for name in covered:
        with pytest.raises(SignatureRefused, match="does not fit"):
            verify_message(with_another(message, name), FOREIGN_KEYS, Wanted(label=case["label"]))


def with_another(message: HttpRequest | HttpResponse, component: str) -> HttpRequest | HttpResponse:
    if isinstance(message, HttpResponse) and component == "@status":
        return replace(message, status=201)
    if isinstance(message, HttpRequest) and component == "@method":
        return replace(message, method="PUT")
    if isinstance(message, HttpRequest) and component.startswith("@"):
        return replace(message, url="https://example.org/bar")
    headers = [(name, f"{value}0" if name == component else value) for name, value in message.headers]
    return replace(message, headers=headers_of(headers))


def test_a_vector_does_not_verify_with_the_other_key() -> None:
    case = FOREIGN["cases"][0]
    swapped = {case["key_id"]: FOREIGN_KEYS["test-key-ed25519"]}
    with pytest.raises(SignatureRefused, match="does not fit"):
        verify_message(a_response(case), swapped, Wanted(label=case["label"]))


def test_a_required_component_that_is_not_covered_is_named() -> None:
    case = FOREIGN["cases"][1]
    wanted = Wanted(label=case["label"], components=("content-digest", "@method"))
    with pytest.raises(SignatureRefused, match="it does not cover content-digest"):
        verify_message(a_request(case), FOREIGN_KEYS, wanted)
