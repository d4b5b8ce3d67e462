"""The scenario's interface as the platform and strangers meet it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

LINK = "lnk_" + "a" * 22
LATER = "2026-03-10T15:00:00+08:00"
Build = Callable[..., Any]


@pytest.fixture
def scene(tenant: Any, reporting_to: Build, served: Build) -> Any:
    """A tenant whose scenario is served."""
    tenant.scenario = reporting_to(tenant)
    tenant.server = served(tenant.scenario, tenant)
    return tenant


def an_event(sequence: int = 1, **changes: Any) -> dict[str, Any]:
    data = {"link_id": LINK, "status": "suspended", "effective_at": LATER}
    event = {
        "specversion": "1.0",
        "id": f"evt_{sequence}",
        "source": "x",
        "type": "cn.tanpuhui.link.suspended.v1",
    }
    return event | {"time": LATER, "sequence": sequence, "data": data} | changes


def kept(scene: Any) -> int:
    return len(scene.scenario.connected.store.rows("SELECT * FROM events"))


def test_an_event_is_acknowledged_and_kept(scene: Any) -> None:
    assert scene.deliver(event=an_event()) == (204, {})
    assert kept(scene) == 1


def test_a_repeated_event_is_acknowledged_and_kept_once(scene: Any) -> None:
    assert [scene.deliver(event=an_event())[0] for _ in range(3)] == [204, 204, 204]
    assert kept(scene) == 1


def test_unknown_types_and_members_are_acknowledged(scene: Any) -> None:
    unknown = an_event(
        type="cn.tanpuhui.notice.posted.v9", traceparent="00-x", data={"any": [1.5, {"thing": None}]}
    )
    assert scene.deliver(event=unknown) == (204, {})
    assert kept(scene) == 1


REFUSED = {
    "unsigned": ({"sign": {"key": "none"}}, 401, "signature-missing"),
    "foreign": ({"sign": {"key": "foreign"}}, 401, "signature-invalid"),
    "old": ({"sign": {"created_offset_seconds": -3600}}, 401, "signature-expired"),
    "future": ({"sign": {"created_offset_seconds": 3600}}, 401, "signature-expired"),
}


@pytest.mark.parametrize(("how", "status", "code"), REFUSED.values(), ids=REFUSED)
def test_what_the_platform_did_not_sign_now_is_refused(
    scene: Any, how: dict[str, Any], status: int, code: str
) -> None:
    answered, problem = scene.deliver(event=an_event(), **how)
    assert (answered, problem["code"]) == (status, code)
    assert kept(scene) == 0
    assert scene.deliver(event=an_event())[0] == 204


def test_an_altered_event_is_refused(scene: Any) -> None:
    status, problem = scene.deliver(event=an_event(), sign={"tamper": True})
    assert (status, problem["code"]) in {(400, "digest-mismatch"), (401, "signature-invalid")}
    assert kept(scene) == 0


def test_a_replayed_request_is_refused(scene: Any) -> None:
    first, again = (scene.deliver(event=an_event(n), sign={"nonce": "one-nonce-for-two"}) for n in (1, 2))
    assert first[0] == 204
    assert (again[0], again[1]["code"]) == (401, "nonce-replayed")
    assert kept(scene) == 1


def encoded(body: bytes) -> str:
    return base64.b64encode(body).decode()


PLAIN = json.dumps(an_event())
MALFORMED = {
    "not JSON": (b"{", 400, "invalid-json"),
    "duplicate members": (PLAIN.replace('"id"', '"id": "evt_0", "id"').encode(), 400, "invalid-json"),
    "not a number": (PLAIN.replace('"sequence": 1', '"sequence": NaN').encode(), 400, "invalid-json"),
    "byte-order mark": (b"\xef\xbb\xbf" + PLAIN.encode(), 400, "invalid-json"),
    "too deep": (
        json.dumps(an_event(data={"a": json.loads("[" * 40 + "]" * 40)})).encode(),
        413,
        "limit-exceeded",
    ),
    "too long a text": (json.dumps(an_event(subject="x" * 2000)).encode(), 413, "limit-exceeded"),
    "too large": (json.dumps(an_event(padding=["x" * 1000] * 30)).encode(), 413, "limit-exceeded"),
    "no sequence": (PLAIN.replace('"sequence"', '"order"').encode(), 422, "schema-violation"),
    "no object": (b"[]", 422, "schema-violation"),
    "wrong data": (json.dumps(an_event(data={"link_id": LINK})).encode(), 422, "schema-violation"),
    "half a sequence": (json.dumps(an_event(sequence=1.5)).encode(), 422, "schema-violation"),
    "a sequence as a fraction": (
        PLAIN.replace('"sequence": 1', '"sequence": 1.0').encode(),
        422,
        "schema-violation",
    ),
}


@pytest.mark.parametrize(("body", "status", "code"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_event_is_refused_and_not_echoed(scene: Any, body: bytes, status: int, code: str) -> None:
    answered, problem = scene.deliver(body_b64=encoded(body))
    assert (answered, problem["code"], problem["status"]) == (status, code, status)
    assert LINK not in json.dumps(problem)
    assert kept(scene) == 0


def test_a_missing_member_is_named_by_its_place(scene: Any) -> None:
    _, problem = scene.deliver(body_b64=encoded(PLAIN.replace('"sequence"', '"order"').encode()))
    assert [error["pointer"] for error in problem["errors"]] == ["/sequence"]


@pytest.mark.parametrize("media_type", ["application/json", "text/plain"])
def test_other_media_types_are_refused(scene: Any, media_type: str) -> None:
    status, problem = scene.deliver(body_b64=encoded(PLAIN.encode()), headers=[["content-type", media_type]])
    assert (status, problem["code"]) == (415, "unsupported-media-type")


def test_a_coded_body_is_refused(scene: Any) -> None:
    status, problem = scene.deliver(event=an_event(), headers=[["content-encoding", "gzip"]])
    assert (status, problem["code"]) == (415, "unsupported-media-type")


def test_health_is_told_to_the_platform(scene: Any) -> None:
    status, health = scene.deliver(method="GET", url=scene.server.base_url + "/v1/health")
    assert (status, health["status"], health["edition"], health["scenario_id"]) == (
        200,
        "ok",
        "2026.1",
        "scn-1",
    )
    assert set(health["software"]) == {"name", "version"}


@pytest.mark.parametrize("path", ["/v1/events", "/v1/health"])
@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "OPTIONS", "HEAD", "GET", "POST"])
def test_a_stranger_gets_problems_only(scene: Any, method: str, path: str) -> None:
    answer = httpx.request(method, scene.server.base_url + path, trust_env=False)
    offered = {"/v1/events": "POST", "/v1/health": "GET"}[path]
    assert answer.status_code == (401 if method == offered else 405)
    assert answer.headers["content-type"] == "application/problem+json"
    if method != offered:
        assert answer.headers["allow"] == offered


@pytest.mark.parametrize("path", ["/", "/v1/events/", "/v1/other"])
def test_an_unknown_address_is_a_problem_too(scene: Any, path: str) -> None:
    answer = httpx.post(scene.server.base_url + path, trust_env=False)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_a_scenario_that_cannot_reach_its_platform_asks_for_patience(scene: Any) -> None:
    scene.arm(
        {"kind": "answer", "operation": "getDiscovery", "status": 503, "problem": "maintenance", "times": 9}
    )
    status, problem = scene.deliver(event=an_event())
    assert (status, problem["code"]) == (503, "maintenance")
    scene.arm()
    assert scene.deliver(event=an_event())[0] == 204


def test_a_gap_is_filled_from_the_feed(scene: Any) -> None:
    scene.arm({"kind": "mute_delivery", "operation": "receiveEvent"})
    scene.suspend(LINK, LATER)
    scene.suspend(LINK, LATER)
    scene.await_exchange("listEvents")
    assert scene.scenario.wait_idle(10)
    assert kept(scene) == 2
    assert not scene.scenario.connected.desk.inbox.gap()


def test_a_platform_whose_clock_was_moved_is_still_believed(scene: Any) -> None:
    assert scene.deliver(event=an_event())[0] == 204
    scene.conduct("POST", "/clock", advance_seconds=86_400)
    assert scene.deliver(event=an_event(2))[0] == 204


def test_health_is_degraded_while_something_was_refused_for_good(
    scene: Any, ride: Build, finished: Build
) -> None:
    scene.arm({"kind": "answer", "operation": "submitBatch", "status": 422, "problem": "schema-violation"})
    scene.scenario.load([ride()])
    finished(scene.scenario)
    status, health = scene.deliver(method="GET", url=scene.server.base_url + "/v1/health")
    assert (status, health["status"]) == (200, "degraded")
