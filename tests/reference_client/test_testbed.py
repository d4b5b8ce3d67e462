"""The testbed as the judge uses it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tanpuhui.reference_client.scenario import Scenario
from tanpuhui.reference_client.serving import ScenarioServer
from tanpuhui.reference_client.shape import faults

Build = Callable[..., Any]
TOKEN = "a-token-of-the-testbed"


@pytest.fixture
def bed() -> Iterator[httpx.Client]:
    with Scenario() as scenario, ScenarioServer(scenario, testbed_token=TOKEN) as server:
        fields = {"authorization": f"Bearer {TOKEN}"}
        with httpx.Client(base_url=server.testbed_url or "", headers=fields, trust_env=False) as client:
            yield client


def reset(bed: httpx.Client, tenant: Any) -> dict[str, Any]:
    """Tells the scenario who it is and the platform who it has to do with."""
    said = {"run": "r", "discovery_url": tenant.discovery_url, "client_id": "cli-1", "scenario_id": "scn-1"}
    answer = bed.post("/reset", json=said)
    assert answer.status_code == 200, answer.text
    tenant.conduct("PATCH", "/scenario", jwks=answer.json()["jwks"], callback_url=answer.json()["base_url"])
    return answer.json()


def status(bed: httpx.Client, wait: int = 20) -> dict[str, Any]:
    found = bed.get("/status", headers={"prefer": f"wait={wait}"}, timeout=60)
    assert faults("testbed", "Status", found.json()) == ()
    return found.json()


def test_before_the_first_reset_there_is_nothing_to_do(bed: httpx.Client) -> None:
    found = status(bed)
    assert (found["state"], found["outbox"]) == ("idle", 0)


def test_a_run_from_reset_to_idle(bed: httpx.Client, tenant: Any, ride: Build) -> None:
    assert faults("testbed", "ResetAnswer", reset(bed, tenant)) == ()
    assert bed.post("/activities", json={"activities": [ride("1"), ride("2")]}).status_code == 204
    assert tenant.conduct("GET", "/journal")["entries"][-1]["kind"] == "note"
    assert bed.post("/reports").status_code == 202
    found = status(bed)
    assert (found["state"], found["outbox"], found["records"]["accepted"]) == ("idle", 0, 2)


@pytest.mark.parametrize(("order", "operation"), [("batches", "submitBatch"), ("uploads", "submitUpload")])
def test_a_report_goes_the_way_that_is_asked_for(
    bed: httpx.Client, tenant: Any, ride: Build, order: str, operation: str
) -> None:
    reset(bed, tenant)
    bed.post("/activities", json={"activities": [ride("1"), ride("2")]})
    assert bed.post("/reports", json={"by": order}).status_code == 202
    assert status(bed)["records"]["accepted"] == 2
    assert len(tenant.exchanges(operation)) == 1


def test_the_ledger_of_devices_is_taken_in(bed: httpx.Client, tenant: Any) -> None:
    reset(bed, tenant)
    device = {"device_id": "dev-1", "scheme": "PV", "kind": "inverter", "model": "X", "replaces": None}
    device |= {"installed_at": "2025-06-01T00:00:00Z", "calibrations": [], "states": []}
    assert bed.post("/devices", json={"devices": [device]}).status_code == 204
    bed.post("/reports")
    assert status(bed)["state"] == "idle"
    assert [known["device_id"] for known in tenant.state()["devices"]] == ["dev-1"]


def test_a_reset_forgets_everything_but_the_key(bed: httpx.Client, new_tenant: Build, ride: Build) -> None:
    first = reset(bed, new_tenant())
    bed.post("/activities", json={"activities": [ride()]})
    bed.post("/reports")
    assert status(bed)["records"]["accepted"] == 1
    second_tenant = new_tenant()
    second = reset(bed, second_tenant)
    assert first["jwks"] == second["jwks"]
    assert status(bed)["records"]["accepted"] == 0
    bed.post("/reports")
    assert status(bed)["state"] == "idle"
    assert second_tenant.sent() == []


def test_a_reset_ends_what_waits(bed: httpx.Client, new_tenant: Build, ride: Build) -> None:
    busy = new_tenant()
    busy.arm({"kind": "answer", "operation": "submitBatch", "status": 503, "retry_after": 3600, "times": 9})
    reset(bed, busy)
    bed.post("/activities", json={"activities": [ride()]})
    bed.post("/reports")
    busy.await_exchange("submitBatch")
    assert status(bed, wait=1)["state"] == "busy"
    reset(bed, new_tenant())
    assert status(bed)["state"] == "idle"


def test_a_long_poll_ends_with_its_time(bed: httpx.Client, tenant: Any) -> None:
    reset(bed, tenant)
    answer = bed.get("/status", headers={"prefer": "respond-async, wait=1"})
    assert answer.headers["preference-applied"] == "wait=1"
    assert "preference-applied" not in bed.get("/status").headers


@pytest.mark.parametrize("path", ["/reset", "/activities", "/devices", "/reports", "/status"])
def test_nobody_gets_in_without_the_token(bed: httpx.Client, path: str) -> None:
    method = "GET" if path == "/status" else "POST"
    for shown in ({"authorization": ""}, {"authorization": "Bearer wrong"}):
        answer = bed.request(method, path, headers=shown)
        assert (answer.status_code, answer.json()["code"]) == (401, "token-invalid")


MALFORMED = {
    "not JSON": ({"content": b"{"}, 400, "invalid-json"),
    "no object": ({"json": []}, 422, "schema-violation"),
    "no activities": ({"json": {"activities": []}}, 422, "schema-violation"),
    "unknown scheme": ({"json": {"activities": [{"scheme": "TRAM"}]}}, 422, "schema-violation"),
    "text": ({"content": b"{}", "headers": {"content-type": "text/plain"}}, 415, "unsupported-media-type"),
}


@pytest.mark.parametrize(("how", "code", "problem"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_request_is_refused(
    bed: httpx.Client, how: dict[str, Any], code: int, problem: str
) -> None:
    usual = {"headers": {"content-type": "application/json"}}
    answer = bed.post("/activities", **{**usual, **how})
    assert (answer.status_code, answer.json()["code"]) == (code, problem)


def test_a_testbed_that_is_not_offered_is_not_there() -> None:
    with Scenario() as scenario, ScenarioServer(scenario, with_testbed=False) as server:
        answer = httpx.get(server.base_url + "/testbed/status", trust_env=False)
    assert server.testbed_url is None
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("path", "content"),
    [("/reports", {"by": "post"}), ("/reports", []), ("/devices", {"devices": []}), ("/devices", {})],
)
def test_a_malformed_order_is_refused(bed: httpx.Client, path: str, content: Any) -> None:
    answer = bed.post(path, json=content)
    assert (answer.status_code, answer.json()["code"]) == (422, "schema-violation")
