"""Before every protected operation: signature, nonce, token, scope, each refusal with its own reason."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tanpuhui.spec.digest import content_digest
from tanpuhui.spec.signing import SigningKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mock_platform.conftest import Actor


def refusal(actor: Actor, response: Any) -> tuple[int, str, dict[str, Any]]:
    """Status and code of a refusal, and what the journal observed of it."""
    entry = actor.journal()[-1]
    problem = response.json()
    assert entry["problem"] == problem["code"]
    assert problem["instance"] == f"urn:uuid:{response.headers['x-request-id']}"
    if response.status_code == 401:
        assert "www-authenticate" in response.headers
    return response.status_code, problem["code"], entry["observed"]


def test_a_sound_request_passes_and_everything_is_observed(actor: Actor) -> None:
    assert actor.get("/v1/scenario", nonce="nonce-of-this-request").status_code == 200
    observed = actor.exchanges("getScenario")[-1]["observed"]
    assert observed["signature"] == observed["token"] == "ok"
    assert observed["nonce_fresh"] is True
    assert (observed["nonce"], observed["key_id"]) == ("nonce-of-this-request", actor.key.key_id)


def test_an_ed25519_key_is_as_good(new_actor: Callable[..., Actor]) -> None:
    actor, signer = new_actor(), SigningKey.generate("ed25519")
    token = actor.token()
    actor.conduct("PATCH", "/scenario", jwks={"keys": [signer.public_jwk()]})
    assert actor.get("/v1/scenario", signer=signer, token=token).status_code == 200


def test_an_unsigned_request_is_refused(actor: Actor) -> None:
    bare = actor.signed("GET", "/v1/scenario").without_headers("signature", "signature-input")
    status, code, observed = refusal(actor, actor.send(bare, receipt=False))
    assert (status, code, observed["signature"]) == (401, "signature-missing", "signature-missing")
    assert observed["token"] == "ok"


def test_a_foreign_key_is_refused(actor: Actor) -> None:
    response = actor.get("/v1/scenario", signer=SigningKey.generate())
    assert refusal(actor, response)[:2] == (401, "signature-invalid")


def test_the_tag_of_events_is_refused(actor: Actor) -> None:
    assert refusal(actor, actor.get("/v1/scenario", tag="tph-event"))[1] == "signature-invalid"


def test_another_address_than_the_signed_one_is_refused(actor: Actor) -> None:
    moved = actor.signed("GET", "/v1/links?limit=5")
    response = actor.send(replace(moved, url=moved.url.replace("limit=5", "limit=6")), receipt=False)
    assert refusal(actor, response)[1] == "signature-invalid"


@pytest.mark.parametrize("field", ["authorization", "idempotency-key"])
def test_a_changed_field_that_is_covered_is_refused(
    actor: Actor, field: str, pv_day: Callable[..., Any]
) -> None:
    sound = actor.signed("POST", "/v1/activity-batches", body=b'{"records":[1]}', key='"key-key-key-key-key"')
    changed = sound.without_headers(field).with_headers([(field, f"{sound.header(field)}x")])
    assert refusal(actor, actor.send(changed))[1] == "signature-invalid"


def test_a_field_that_has_to_be_covered_and_is_not(actor: Actor) -> None:
    sound = actor.signed("POST", "/v1/activity-batches", body=b'{"records":[1]}')
    added = sound.with_headers([("idempotency-key", '"added-after-signing"')])
    assert refusal(actor, actor.send(added))[1] == "signature-invalid"


def test_a_changed_body_is_a_digest_mismatch(actor: Actor) -> None:
    sound = actor.signed("POST", "/v1/activity-batches", body=b'{"records":[1]}', key='"key-key-key-key-key"')
    response = actor.send(replace(sound, body=b'{"records":[2]}'))
    assert refusal(actor, response)[:2] == (400, "digest-mismatch")


def test_a_changed_body_with_its_new_digest_is_an_invalid_signature(actor: Actor) -> None:
    sound = actor.signed("POST", "/v1/activity-batches", body=b'{"records":[1]}', key='"key-key-key-key-key"')
    body = b'{"records":[2]}'
    digested = sound.without_headers("content-digest").with_headers(
        [("content-digest", content_digest(body))]
    )
    assert refusal(actor, actor.send(replace(digested, body=body)))[1] == "signature-invalid"


@pytest.mark.parametrize(
    ("offset", "code"), [(-62, "signature-expired"), (12, "signature-expired"), (-58, None), (8, None)]
)
def test_the_signature_has_its_window_by_the_tenants_clock(
    actor: Actor, offset: int, code: str | None
) -> None:
    actor.freeze()
    response = actor.get("/v1/scenario", offset=offset)
    assert response.json().get("code") == code


def test_a_signature_time_beyond_all_calendars_is_refused(actor: Actor) -> None:
    sound = actor.signed("GET", "/v1/scenario")
    value = re.sub(";created=[0-9]+", ";created=999999999999999", sound.header("signature-input") or "")
    moved = sound.without_headers("signature-input").with_headers([("signature-input", value)])
    assert refusal(actor, actor.send(moved))[1] == "signature-invalid"


def test_a_nonce_is_good_once(actor: Actor) -> None:
    request = actor.signed("GET", "/v1/scenario")
    assert actor.send(request).status_code == 200
    status, code, observed = refusal(actor, actor.send(request))
    assert (status, code, observed["nonce_fresh"]) == (401, "nonce-replayed", False)
    assert observed["signature"] == "ok"


def test_a_request_without_token_is_refused(actor: Actor) -> None:
    status, code, observed = refusal(actor, actor.get("/v1/scenario", token=None))
    assert (status, code, observed["token"]) == (401, "token-invalid", "absent")


def test_a_token_ends_by_the_tenants_clock(actor: Actor) -> None:
    actor.freeze()
    token = actor.token()
    actor.advance(299)
    assert actor.get("/v1/scenario", token=token).status_code == 200
    actor.advance(2)
    status, code, observed = refusal(actor, actor.get("/v1/scenario", token=token))
    assert (status, code, observed["token"]) == (401, "token-invalid", "expired")


def test_a_token_of_another_platform_is_refused(new_actor: Callable[..., Actor]) -> None:
    mine, theirs = new_actor(), new_actor()
    _, code, observed = refusal(mine, mine.get("/v1/scenario", token=theirs.token()))
    assert (code, observed["token"]) == ("token-invalid", "invalid")


def test_an_assertion_is_no_token(actor: Actor) -> None:
    assert refusal(actor, actor.get("/v1/scenario", token=actor.assertion()))[1] == "token-invalid"


def test_a_token_without_the_scope_is_refused(actor: Actor) -> None:
    token = actor.ask_token(scope="event:read").json()["access_token"]
    assert actor.get("/v1/events", token=token).status_code == 200
    status, code, observed = refusal(actor, actor.get("/v1/links", token=token))
    assert (status, code, observed["token"]) == (403, "insufficient-scope", "insufficient-scope")


def test_the_signature_is_judged_before_the_token(actor: Actor) -> None:
    response = actor.get("/v1/scenario", token="rubbish", signer=SigningKey.generate())
    _, code, observed = refusal(actor, response)
    assert (code, observed["token"]) == ("signature-invalid", "invalid")


def test_the_gate_stands_before_the_body_is_read(actor: Actor) -> None:
    response = actor.submit(body=b"{", token=None)
    assert refusal(actor, response)[1] == "token-invalid"
