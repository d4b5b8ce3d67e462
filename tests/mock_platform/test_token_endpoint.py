"""The token endpoint: one way in, and every other one shut (AUT-001, AUT-002)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from joserfc.jwk import ECKey, RSAKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mock_platform.conftest import Actor


def refused(actor: Actor, **form: Any) -> tuple[int, str, str | None]:
    """Status and error of a refusal, and what the journal observed of the assertion."""
    response = actor.ask_token(**form)
    body, entry = response.json(), actor.exchanges("requestToken")[-1]
    assert response.headers["cache-control"] == "no-store"
    assert entry["problem"] == body["error"]
    return response.status_code, body["error"], entry["observed"].get("assertion")


def b64(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def test_a_sound_assertion_gets_a_token_with_all_scopes(actor: Actor) -> None:
    response = actor.ask_token()
    body = response.json()
    assert (response.status_code, body["token_type"], body["expires_in"]) == (200, "Bearer", 300)
    assert body["scope"] == "activity:write activity:read link:read event:read device:read device:write"
    assert actor.exchanges("requestToken")[-1]["observed"] == {"assertion": "ok"}


def test_a_token_lives_at_least_as_long_as_advertised(new_actor: Callable[..., Actor]) -> None:
    actor = new_actor(times={"token_life_seconds": 2})
    actor.freeze()
    response = actor.ask_token()
    assert response.json()["expires_in"] == 2
    actor.advance(1.999)
    assert actor.get("/v1/scenario", token=response.json()["access_token"]).status_code == 200


@pytest.mark.parametrize(
    ("claims", "observed"),
    [
        ({"aud": ["ISSUER"]}, "aud"),
        ({"aud": ["ISSUER", "https://evil.example"]}, "aud"),
        ({"aud": "ISSUER/oauth/token"}, "aud"),
        ({"aud": None}, "aud"),
        ({"iss": "client-2"}, "client"),
        ({"sub": "client-2"}, "client"),
        ({"exp": "NOW+301"}, "life"),
        ({"exp": "NOW+3153600000"}, "life"),
        ({"exp": 1e300}, "times"),
        ({"exp": "1790000000"}, "times"),
        ({"exp": None}, "times"),
        ({"iat": None}, "times"),
        ({"iat": True}, "times"),
        ({"iat": "NOW-100", "exp": "NOW-1"}, "expired"),
        ({"iat": "NOW+30", "exp": "NOW+60"}, "expired"),
        ({"nbf": "NOW+30"}, "expired"),
        ({"jti": None}, "jti"),
        ({"jti": 12345678}, "jti"),
        ({"jti": "short"}, "jti"),
    ],
)
def test_a_wrong_claim_is_refused(actor: Actor, claims: dict[str, Any], observed: str) -> None:
    at = int(actor.freeze().timestamp())

    def real(value: Any) -> Any:
        if isinstance(value, list):
            return [real(item) for item in value]
        if isinstance(value, str) and value.startswith("NOW"):
            return at + int(value[3:])
        return value.replace("ISSUER", actor.issuer) if isinstance(value, str) else value

    assertion = actor.assertion(**{name: real(value) for name, value in claims.items()})
    assert refused(actor, client_assertion=assertion) == (401, "invalid_client", observed)


@pytest.mark.parametrize(
    ("header", "observed"),
    [
        ({"typ": "at+jwt"}, "typ"),
        ({"typ": "dpop+jwt"}, "typ"),
        ({"kid": "unknown"}, "kid"),
    ],
)
def test_a_wrong_header_is_refused(actor: Actor, header: dict[str, Any], observed: str) -> None:
    assert refused(actor, client_assertion=actor.assertion(header))[2] == observed


def test_a_foreign_key_under_our_kid_is_refused(actor: Actor) -> None:
    assertion = actor.assertion(key=ECKey.generate_key("P-256"))
    assert refused(actor, client_assertion=assertion)[2] == "signature"


def test_a_key_in_the_header_is_not_looked_at(actor: Actor) -> None:
    own = ECKey.generate_key("P-256")
    assertion = actor.assertion({"jwk": own.as_dict(private=False)}, key=own)
    assert refused(actor, client_assertion=assertion)[2] == "signature"


def test_rsa_is_refused(actor: Actor) -> None:
    assertion = actor.assertion({"alg": "RS256"}, key=RSAKey.generate_key(2048))
    assert refused(actor, client_assertion=assertion)[0] == 401


def test_alg_none_and_hmac_with_the_public_key_are_refused(actor: Actor) -> None:
    _, claims, _ = actor.assertion().split(".")
    none = b64({"alg": "none", "typ": "JWT", "kid": actor.key.key_id}) + f".{claims}."
    signed = b64({"alg": "HS256", "typ": "JWT", "kid": actor.key.key_id}) + f".{claims}"
    pem = ECKey.import_key(actor.key.public_jwk()).as_pem(private=False)
    hs256 = f"{signed}.{b64(hmac.digest(pem, signed.encode(), hashlib.sha256))}"
    assert refused(actor, client_assertion=none)[:2] == (401, "invalid_client")
    assert refused(actor, client_assertion=hs256)[:2] == (401, "invalid_client")


@pytest.mark.parametrize(
    "raw", [b'{"alg":"ES256","alg":"ES256","typ":"JWT","kid":"k"}', b"[]", b"{", b"\xff"]
)
def test_a_header_that_is_no_strict_object_is_refused(actor: Actor, raw: bytes) -> None:
    _, claims, signature = actor.assertion().split(".")
    assert refused(actor, client_assertion=f"{b64(raw)}.{claims}.{signature}")[2] == "form"


def test_crit_is_refused(actor: Actor) -> None:
    _, claims, signature = actor.assertion().split(".")
    header = b64({"alg": "ES256", "typ": "JWT", "kid": actor.key.key_id, "crit": ["exp"]})
    assert refused(actor, client_assertion=f"{header}.{claims}.{signature}")[2] == "crit"


def test_a_jti_is_good_once_even_in_parallel(actor: Actor) -> None:
    form = {"grant_type": "client_credentials", "client_assertion": actor.assertion()}
    form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(httpx.post, f"{actor.issuer}/oauth/token", data=form) for _ in range(20)]
    statuses = sorted(each.result().status_code for each in asked)
    assert statuses == [200] + [401] * 19
    observed = [each["observed"]["assertion"] for each in actor.exchanges("requestToken")]
    assert sorted(observed) == ["jti-replayed"] * 19 + ["ok"]


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_assertion_type": "x"}, "invalid_client"),
        ({"client_secret": "s"}, "invalid_client"),
        ({"client_id": "client-2"}, "invalid_client"),
        ({"scope": "activity:write admin"}, "invalid_scope"),
        ({"client_assertion": ""}, "invalid_client"),
    ],
)
def test_any_other_request_is_refused(actor: Actor, form: dict[str, Any], error: str) -> None:
    assert refused(actor, **form)[1] == error


def test_only_the_scopes_asked_for_are_granted(actor: Actor) -> None:
    assert actor.ask_token(scope="link:read activity:write").json()["scope"] == "activity:write link:read"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b'{"grant_type":"client_credentials"}', "application/json"),
        (b"grant_type=client_credentials&grant_type=client_credentials", "application/x-www-form-urlencoded"),
        (b"grant_type", "application/x-www-form-urlencoded"),
        (b"\xff=1", "application/x-www-form-urlencoded"),
    ],
)
def test_a_form_that_is_none_is_refused(actor: Actor, content: bytes, media_type: str) -> None:
    response = httpx.post(
        f"{actor.issuer}/oauth/token", content=content, headers={"content-type": media_type}
    )
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
