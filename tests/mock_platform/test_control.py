"""The control interface: what it sets up, and its errors, which speak as the platform's own do."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tanpuhui.spec.signing import SigningKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mock_platform.conftest import Actor

SCENARIO = {"scenario_id": "s", "client_id": "c", "name": "n", "schemes": ["PV"]}


def test_it_is_alive(actor: Actor) -> None:
    assert actor.control.get("/health").json() == {"status": "ok"}


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"scenario": SCENARIO, "more": 1},
        {"scenario": SCENARIO | {"schemes": ["WALK"]}},
        {"scenario": SCENARIO | {"callback_url": "http://example.com"}},
        {"scenario": SCENARIO | {"callback_url": "http://127.0.0.1.example.com"}},
        {"scenario": SCENARIO | {"callback_url": "http://169.254.169.254"}},
        {"scenario": SCENARIO | {"callback_url": "http://user@127.0.0.1"}},
        {"scenario": SCENARIO | {"callback_url": "file:///etc/passwd"}},
        {"scenario": SCENARIO, "tenant": "Not A Name"},
        {"scenario": SCENARIO, "now": "soon"},
        {"scenario": SCENARIO, "limits": {"page_max": 1}},
        {"scenario": SCENARIO, "limits": {"page_max_items": 0}},
        {"scenario": SCENARIO, "times": {"token_life_seconds": -1}},
        {"scenario": SCENARIO, "signing_jwk": {"kty": "oct", "k": "AAAA"}},
        {"scenario": SCENARIO, "signing_jwk": SigningKey.generate("ed25519").private_jwk()},
        {"scenario": SCENARIO, "signing_jwk": SigningKey.generate().public_jwk()},
        {
            "scenario": SCENARIO,
            "links": [{"link_id": "l", "status": "gone", "valid_from": "2026-01-01T00:00:00Z"}],
        },
        {
            "scenario": SCENARIO,
            "links": [{"link_id": "l", "status": "active", "valid_from": "2026-01-01T00:00:00Z"}] * 2,
        },
    ],
)
def test_a_tenant_that_makes_no_sense_is_refused(actor: Actor, order: dict[str, Any]) -> None:
    response = actor.control.post("/tenants", json=order)
    assert (response.status_code, response.json()["code"]) == (422, "schema-violation")
    assert response.headers["content-type"] == "application/problem+json"


def test_a_tenant_has_the_name_and_key_that_it_was_given(actor: Actor) -> None:
    key = SigningKey.generate()
    order = {"tenant": "named", "signing_jwk": key.private_jwk(), "scenario": SCENARIO}
    made = actor.control.post("/tenants", json=order).json()
    assert made["issuer"].endswith("/t/named")
    assert made["discovery_url"] == f"{made['issuer']}/.well-known/tanpuhui"
    assert httpx.get(f"{made['issuer']}/jwks").json()["keys"] == [key.public_jwk()]
    assert actor.control.post("/tenants", json=order).status_code == 422
    assert actor.control.delete("/tenants/named").status_code == 204
    assert httpx.get(f"{made['issuer']}/jwks").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("PUT", "/tenants", 405, "method-not-allowed"),
        ("GET", "/tenants/nobody/journal", 404, "not-found"),
        ("DELETE", "/tenants/nobody", 404, "not-found"),
        ("GET", "/tenants/TENANT/journal?after=x", 400, "parameter-invalid"),
        ("GET", "/tenants/TENANT/journal?wait=-1", 400, "parameter-invalid"),
    ],
)
def test_an_address_that_is_none_is_refused(
    actor: Actor, method: str, path: str, status: int, code: str
) -> None:
    response = actor.control.request(method, path.replace("TENANT", actor.tenant))
    assert (response.status_code, response.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"kind": "explode"},
        {"kind": "delay", "operation": "submitBatch"},
        {"kind": "answer", "operation": "submitBatch", "status": 200},
        {"kind": "answer", "operation": "submitBatch", "status": 503, "problem": "tired"},
        {"kind": "lose_answer", "operation": "nothing"},
        {"kind": "lose_answer"},
        {"kind": "verdict", "operation": "submitBatch", "verdict": "held", "code": "mood"},
        {"kind": "verdict", "operation": "listLinks", "verdict": "held"},
        {"kind": "mute_delivery", "operation": "submitBatch"},
        {"kind": "lose_answer", "operation": "submitBatch", "times": 0},
        {"kind": "lose_answer", "operation": "submitBatch", "extra": 1},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(actor: Actor, fault: dict[str, Any]) -> None:
    response = actor.control.put(f"/tenants/{actor.tenant}/faults", json={"faults": [fault]})
    assert (response.status_code, response.json()["code"]) == (422, "schema-violation")


def test_a_body_has_to_be_strict_json(actor: Actor) -> None:
    place = f"/tenants/{actor.tenant}/clock"
    assert actor.control.post(place, content=b'{"freeze":true}').json()["code"] == "unsupported-media-type"
    json_type = {"content-type": "application/json"}
    twice = actor.control.post(place, content=b'{"freeze":true,"freeze":true}', headers=json_type)
    assert twice.json()["code"] == "invalid-json"


def test_links_are_replaced_silently(actor: Actor, link: Callable[..., Any]) -> None:
    actor.conduct("PUT", "/links", links=[link(status="suspended"), link("lnk_" + "z" * 22)])
    listed = actor.get("/v1/links").json()["links"]
    assert [each["status"] for each in listed] == ["suspended", "active"]
    assert actor.get("/v1/events").json()["events"] == []


def test_the_journal_tells_news_as_they_come(actor: Actor) -> None:
    last = actor.journal()[-1]["n"]
    assert actor.conduct("GET", f"/journal?after={last}&wait=0.05") == {"entries": [], "next": last}
    actor.get("/v1/scenario")
    numbers = [entry["n"] for entry in actor.journal()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_an_exchange_is_told_completely(actor: Actor, pv_day: Callable[..., Any]) -> None:
    body = json.dumps({"records": [pv_day()]}).encode()
    response = actor.submit(body=body)
    entry = actor.exchanges("submitBatch")[-1]
    assert base64.b64decode(entry["request"]["body_b64"]) == body
    assert base64.b64decode(entry["response"]["body_b64"]) == response.content
    assert entry["request"]["url"] == f"{actor.issuer}/v1/activity-batches"
    assert [name for name, _ in entry["request"]["headers"]].count("signature") == 1
    assert {"at", "answered_at", "lost", "fault", "problem", "direction"} <= set(entry)
    assert len(entry["at"]) == len("2026-03-02T06:00:00.000000+08:00")
