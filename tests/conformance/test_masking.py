"""Nothing that opens a door or names a person reaches the transcript; what the run's own platform minted may stay."""

from __future__ import annotations

import base64
import json

import pytest

from tanpuhui.conformance.recording.capture import exchange_members
from tanpuhui.conformance.recording.masking import PRIVATE_KEY, SECRET, TOKEN, Masker
from tanpuhui.spec.signing import SigningKey

ISSUER = "http://127.0.0.1:1/t/a"
PHONE = "13800138000"


def _jwt(**claims: object) -> str:
    parts = (json.dumps({"alg": "ES256"}), json.dumps(claims))
    return (
        ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)
        + ".c2lnbmF0dXJl"
    )


def _journal(body: bytes, *headers: tuple[str, str], url: str = f"{ISSUER}/v1/x") -> dict[str, object]:
    request = {
        "method": "POST",
        "url": url,
        "headers": [list(field) for field in headers],
        "body_b64": base64.b64encode(body).decode(),
    }
    return {
        "kind": "exchange",
        "direction": "inbound",
        "operation": "submitBatch",
        "at": "2026-03-01T00:00:00+08:00",
        "answered_at": None,
        "request": request,
        "response": None,
        "observed": {"seconds": 0.5},
    }


def test_a_configured_secret_is_hidden_wherever_it_turns_up() -> None:
    masker = Masker()
    masker.register(["open-sesame", None, ""])
    for shown in (
        masker.masked('{"x":"open-sesame"}'),
        masker.masked("http://host/?t=open-sesame"),
        masker.masked_field("x-own", "open-sesame"),
    ):
        assert "sesame" not in shown.text
        assert shown.kinds == {SECRET}


def test_a_token_of_the_runs_own_platform_stays() -> None:
    masker, token = Masker(), _jwt(sub="cli")
    masker.mint(token=token)
    assert masker.masked_field("authorization", f"Bearer {token}").text == f"Bearer {token}"
    assert masker.masked(f'{{"access_token":"{token}"}}').kinds == frozenset()


@pytest.mark.parametrize(
    "value", [f"Bearer {_jwt(sub='other')}", "Bearer opaque-token", "Basic dXNlcjpwYXNz", "s3cr3t"]
)
def test_any_other_credential_is_hidden(value: str) -> None:
    shown = Masker().masked_field("authorization", value)
    assert value.rpartition(" ")[2] not in shown.text
    assert shown.kinds == {TOKEN}


def test_an_assertion_made_out_to_the_runs_platform_stays_whole() -> None:
    masker, assertion = Masker(), _jwt(aud=ISSUER)
    masker.mint(issuer=ISSUER)
    assert masker.masked(f"client_assertion={assertion}").text.endswith(assertion)


def test_an_assertion_made_out_to_anybody_else_loses_its_signature() -> None:
    masker, assertion = Masker(), _jwt(aud="https://real.example")
    masker.mint(issuer=ISSUER)
    shown = masker.masked(f"grant_type=x&client_assertion={assertion}")
    assert assertion.rsplit(".", 1)[0] in shown.text
    assert "c2lnbmF0dXJl" not in shown.text


def test_private_keys_are_hidden() -> None:
    key = SigningKey.generate().private_jwk()
    pem = "-----BEGIN PRIVATE KEY-----\nMIGHAgEA\n-----END PRIVATE KEY-----"
    for text in (json.dumps(key), json.dumps(key, separators=(",", ":")), pem):
        shown = Masker().masked(text)
        assert shown.kinds == {PRIVATE_KEY}
        assert str(key["d"]) not in shown.text
        assert "MIGHAgEA" not in shown.text


@pytest.mark.parametrize("name", ["cookie", "proxy-authorization", "x-api-key"])
def test_fields_that_carry_credentials_are_hidden(name: str) -> None:
    assert "abc" not in Masker().masked_field(name, "session=abc").text


def test_personal_data_are_masked_in_body_address_and_fields_and_told() -> None:
    body = json.dumps({"phone": PHONE}).encode()
    journal = _journal(body, ("x-user", PHONE), url=f"{ISSUER}/v1/x?phone={PHONE}")
    members = exchange_members(journal, Masker())
    assert PHONE not in json.dumps(members)
    assert members["masked"] == [
        {"place": "request.url", "kind": "mobile"},
        {"place": "request.x-user", "kind": "mobile"},
        {"place": "request.body", "kind": "mobile"},
    ]


def test_bytes_that_are_no_text_are_kept_unless_they_hold_personal_data() -> None:
    harmless = exchange_members(_journal(b"\xff\x00binary"), Masker())
    assert base64.b64decode(harmless["request"]["base64"]) == b"\xff\x00binary"
    telling = exchange_members(_journal(b"\xff phone " + PHONE.encode()), Masker())
    assert PHONE not in json.dumps(telling)
    assert telling["masked"] == [{"place": "request.body", "kind": "mobile"}]


def test_text_with_a_nul_is_kept_as_bytes() -> None:
    members = exchange_members(_journal(b'{"a":"\x00"}'), Masker())
    assert base64.b64decode(members["request"]["base64"]) == b'{"a":"\x00"}'


def test_an_issued_token_is_known_from_its_answer_on() -> None:
    masker, token = Masker(), _jwt(sub="cli")
    answer = json.dumps({"access_token": token}).encode()
    journal = _journal(b"grant_type=client_credentials") | {
        "operation": "requestToken",
        "response": {"status": 200, "headers": [], "body_b64": base64.b64encode(answer).decode()},
    }
    assert token in exchange_members(journal, masker)["response"]["text"]
    assert masker.masked_field("authorization", f"Bearer {token}").kinds == frozenset()


def test_no_fraction_enters_the_transcript() -> None:
    assert exchange_members(_journal(b""), Masker())["observed"] == {"seconds": "0.5"}


def test_digits_in_signatures_are_no_phone_numbers() -> None:
    value = f"tph=:{PHONE}:"
    assert Masker().masked_field("signature", value).text == value
