"""Requests, answers and events are signed so that nothing that matters can be changed, reused or mistaken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanpuhui.spec.limits import default_times
from tanpuhui.spec.message import HttpRequest, HttpResponse, RepeatedField
from tanpuhui.spec.problem import problem_types
from tanpuhui.spec.signing import (
    EVENT_TAG,
    REQUEST_TAG,
    SignatureRefused,
    SigningKey,
    Unsignable,
    Verified,
    content_digest,
    public_keys,
    sign_request,
    sign_response,
    verify_request,
    verify_response,
)

if TYPE_CHECKING:
    from tanpuhui.spec.keys import Algorithm

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
OWN = SigningKey.generate()
KEYS = public_keys({"keys": [OWN.public_jwk()]})
FIELDS = (
    ("authorization", "Bearer t"),
    ("content-type", "application/json"),
    ("idempotency-key", '"k-16-chars-long"'),
)
WRITE = HttpRequest("POST", "https://p.example/v1/activity-batches", FIELDS, b'{"records":[]}')
READ = HttpRequest("GET", "https://p.example/v1/links?limit=2", FIELDS[:1])


def signed(
    request: HttpRequest, *, key: SigningKey = OWN, tag: str = REQUEST_TAG, nonce: str = "n-1"
) -> HttpRequest:
    return sign_request(request, key, created=NOON, nonce=nonce, tag=tag)


def verify(request: HttpRequest, *, now: datetime | None = NOON, token_bound: bool = True) -> Verified:
    return verify_request(
        request, KEYS, now=now, tag=REQUEST_TAG, times=default_times(), token_bound=token_bound
    )


def refusal(request: HttpRequest, now: datetime | None = NOON) -> str:
    with pytest.raises(SignatureRefused) as refused:
        verify(request, now=now)
    assert refused.value.code in problem_types()
    return refused.value.code


@pytest.mark.parametrize("algorithm", ["ecdsa-p256-sha256", "ed25519"])
def test_a_signed_request_names_its_signer_time_and_nonce(algorithm: Algorithm) -> None:
    key = SigningKey.generate(algorithm)
    request = sign_request(WRITE, key, created=NOON, nonce="n-1", tag=EVENT_TAG, life_seconds=30)
    keys = public_keys({"keys": [OWN.public_jwk(), key.public_jwk()]})
    verified = verify_request(request, keys, now=NOON, tag=EVENT_TAG, times=default_times(), token_bound=True)
    assert (verified.key_id, verified.nonce, verified.created) == (key.key_id, "n-1", NOON)
    assert verified.expires == NOON + timedelta(seconds=30)


def test_signing_covers_what_is_there_and_leaves_the_rest_alone() -> None:
    covered = ("@method", "@target-uri", "authorization", "content-digest", "content-type", "idempotency-key")
    assert verify(signed(WRITE)).covered == covered
    assert verify(signed(READ)).covered == covered[:3]
    assert signed(WRITE).headers[: len(FIELDS)] == WRITE.headers
    assert (signed(WRITE).body, signed(WRITE).url) == (WRITE.body, WRITE.url)


def test_signing_anew_replaces_the_old_signature() -> None:
    again = signed(signed(WRITE), nonce="n-2")
    assert verify(again).nonce == "n-2"
    assert len(again.headers) == len(signed(WRITE).headers)


def test_a_request_with_no_token_is_signed_without_one() -> None:
    bare = signed(READ.without_headers("authorization"))
    assert verify(bare, token_bound=False).covered == ("@method", "@target-uri")
    assert refusal(bare) == "signature-invalid"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(-11, "signature-expired"), (-10, None), (0, None), (60, None), (61, "signature-expired")],
)
def test_the_window_is_the_advertised_one(seconds: int, code: str | None) -> None:
    later = NOON + timedelta(seconds=seconds)
    if code is None:
        assert verify(signed(WRITE), now=later).key_id == OWN.key_id
    else:
        assert refusal(signed(WRITE), now=later) == code


def test_a_signature_may_say_itself_that_it_has_expired() -> None:
    short = sign_request(READ, OWN, created=NOON, nonce="n", life_seconds=5)
    assert verify(short, now=NOON + timedelta(seconds=5)).nonce == "n"
    assert refusal(short, now=NOON + timedelta(seconds=6)) == "signature-expired"


def test_judged_later_from_the_record_time_plays_no_part() -> None:
    assert verify(signed(WRITE), now=None).created == NOON


def test_only_an_authentic_signature_is_called_expired() -> None:
    late = NOON + timedelta(days=1)
    forged = signed(WRITE, key=SigningKey.generate())
    assert refusal(forged, now=late) == "signature-invalid"
    assert refusal(replace(signed(WRITE), body=b"{}"), now=late) == "digest-mismatch"


def test_an_unknown_key_and_a_stolen_name_are_both_refused() -> None:
    foreign = SigningKey.generate()
    assert refusal(signed(WRITE, key=foreign)) == "signature-invalid"
    assert refusal(signed(WRITE, key=replace(foreign, key_id=OWN.key_id))) == "signature-invalid"


def test_an_algorithm_parameter_has_to_fit_the_key() -> None:
    other = SigningKey.generate("ed25519")
    assert refusal(signed(WRITE, key=replace(other, key_id=OWN.key_id))) == "signature-invalid"
    named = [(n, v.replace(";keyid", ';alg="hmac-sha256";keyid')) for n, v in signed(WRITE).headers]
    assert refusal(replace(signed(WRITE), headers=tuple(named))) == "signature-invalid"


def test_a_nonce_is_required() -> None:
    assert refusal(signed(WRITE, nonce="")) == "signature-invalid"


def test_another_tag_or_a_second_signature_with_ours_is_refused() -> None:
    assert refusal(signed(WRITE, tag=EVENT_TAG)) == "signature-invalid"
    first = signed(WRITE)
    twice = [
        (n, f"{v}, {v.replace('tph=', 'two=', 1)}" if n.startswith("signature") else v)
        for n, v in first.headers
    ]
    assert refusal(replace(first, headers=tuple(twice))) == "signature-invalid"


def test_a_signature_added_on_the_way_under_another_tag_does_no_harm() -> None:
    first = signed(WRITE)
    gateway = [
        (n, v.replace("tph", "gateway")) for n, v in signed(WRITE, key=SigningKey.generate()).headers[-2:]
    ]
    both = [(n, f"{v}, {dict(gateway)[n]}" if n in dict(gateway) else v) for n, v in first.headers]
    assert verify(replace(first, headers=tuple(both))).key_id == OWN.key_id


@pytest.mark.parametrize("name", ["signature", "signature-input", "content-digest", "authorization"])
def test_a_repeated_field_is_refused(name: str) -> None:
    request = signed(WRITE)
    assert refusal(request.with_headers([(name, request.header(name) or "")])) == "signature-invalid"


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_no_field_value_breaks_the_verifier(announced: str, value: str) -> None:
    request = WRITE.with_headers([("signature-input", announced), ("signature", value)])
    assert refusal(request) == "signature-invalid"


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.integers(min_value=0), st.integers(min_value=1, max_value=127))
def test_no_letter_of_the_signature_can_be_changed(place: int, shift: int) -> None:
    request = signed(WRITE)
    text = request.header("signature-input") or ""
    place %= len(text)
    changed = f"{text[:place]}{chr((ord(text[place]) + shift) % 128)}{text[place + 1 :]}"
    other = request.without_headers("signature-input").with_headers([("signature-input", changed)])
    assert refusal(other) == "signature-invalid"


def test_what_cannot_be_signed_is_said_at_once() -> None:
    with pytest.raises(Unsignable, match="无法签名"):
        signed(replace(READ, url="https://p.example/碳"))
    with pytest.raises(Unsignable):
        sign_response(HttpResponse(200), READ, OWN, created=NOON)
    with pytest.raises(RepeatedField):
        signed(WRITE.with_headers([("content-type", "text/plain")]))


def receipt(request: HttpRequest, response: HttpResponse) -> Verified:
    return verify_response(response, request, KEYS, now=NOON, times=default_times())


def test_a_receipt_binds_status_and_body_to_the_request() -> None:
    request = signed(WRITE)
    answer = HttpResponse(200, (("content-type", "application/json"),), b'{"receipt_id":"r"}')
    signed_answer = sign_response(answer, request, OWN, created=NOON)
    assert receipt(request, signed_answer).key_id == OWN.key_id
    for other in (replace(signed_answer, status=201), signed_answer.without_headers("content-digest")):
        with pytest.raises(SignatureRefused) as refused:
            receipt(request, other)
        assert refused.value.code == "signature-invalid"


def test_a_receipt_does_not_serve_another_sending_of_the_same_request() -> None:
    first, second = signed(READ, nonce="n-1"), signed(READ, nonce="n-2")
    answer = sign_response(HttpResponse(204), first, OWN, created=NOON)
    assert receipt(first, answer).covered[0] == "@status"
    with pytest.raises(SignatureRefused) as refused:
        receipt(second, answer)
    assert refused.value.code == "signature-invalid"


def test_a_refused_request_too_has_its_answer_bound_to_it() -> None:
    forged = signed(WRITE, key=SigningKey.generate())
    answer = sign_response(HttpResponse(401, (), b"{}"), forged, OWN, created=NOON)
    assert receipt(forged, answer).created == NOON


def test_a_receipt_without_signature_is_missing_and_an_old_one_expired() -> None:
    request = signed(READ)
    with pytest.raises(SignatureRefused) as missing:
        receipt(request, HttpResponse(204))
    old = sign_response(HttpResponse(204), request, OWN, created=NOON - timedelta(seconds=61))
    with pytest.raises(SignatureRefused) as expired:
        receipt(request, old)
    assert (missing.value.code, expired.value.code) == ("signature-missing", "signature-expired")


def test_a_refusal_never_quotes_the_message() -> None:
    request = signed(WRITE).with_headers([("signature", "13800138000")])
    with pytest.raises(SignatureRefused) as refused:
        verify(request)
    assert "13800138000" not in str(refused.value)


def test_a_wrong_digest_that_was_signed_is_a_mismatch() -> None:
    lying = WRITE.with_headers([("content-digest", content_digest(b"another body"))])
    assert refusal(signed(lying)) == "digest-mismatch"
