"""The device register: registered once, calibrated, replaced, and told of its faults (DEV-003 to DEV-006)."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tanpuhui.spec.business_time import parse_instant

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mock_platform.conftest import Actor

REPLACING = {
    "device_id": "dev-pv-02",
    "kind": "inverter",
    "scheme": "PV",
    "model": "example-6K",
    "installed_at": "2026-02-20T10:00:00+08:00",
    "replaces": "dev-pv-01",
}


def post(actor: Actor, path: str, body: dict[str, Any]) -> httpx.Response:
    key = f'"{uuid.uuid4()}"'
    return actor.send(actor.signed("POST", path, body=json.dumps(body).encode(), key=key))


def test_a_device_is_registered_once(actor: Actor) -> None:
    first = post(actor, "/v1/devices", REPLACING)
    assert (first.status_code, first.json()["state"], first.json()["calibrations"]) == (201, "N", [])
    assert parse_instant(first.json()["registered_at"]) <= actor.now()
    elsewhere = {**REPLACING, "installed_at": "2026-02-20T02:00:00Z"}
    again = [post(actor, "/v1/devices", body) for body in (REPLACING, elsewhere)]
    assert [(each.status_code, each.json()) for each in again] == [(200, first.json())] * 2
    other = [{**REPLACING, "model": "other"}, {**REPLACING, "replaces": "dev-pv-03"}]
    refused = [post(actor, "/v1/devices", body) for body in other]
    assert [(each.status_code, each.json()["code"]) for each in refused] == [(409, "device-conflict")] * 2
    assert actor.get("/v1/devices/dev-pv-02").json() == first.json()


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"kind": "meter"}, "/kind"),
        ({"kind": "clock"}, "/kind"),
        ({"replaces": "dev-pv-02"}, "/replaces"),
        ({"scheme": "WIND"}, "/scheme"),
        ({"installed_at": "yesterday"}, "/installed_at"),
        ({"owner": "x"}, "/owner"),
        ({"device_id": "a b"}, "/device_id"),
    ],
)
def test_what_is_no_device_is_refused(actor: Actor, change: dict[str, Any], place: str) -> None:
    refused = post(actor, "/v1/devices", {**REPLACING, **change})
    assert (refused.status_code, refused.json()["code"]) == (422, "schema-violation")
    assert [each["pointer"] for each in refused.json()["errors"]] == [place]


def test_a_replaced_device_names_the_one_that_replaces_it(actor: Actor) -> None:
    post(actor, "/v1/devices", REPLACING)
    old, new = actor.get("/v1/devices").json()["devices"]
    assert (old["device_id"], old["replaced_by"]) == ("dev-pv-01", "dev-pv-02")
    assert (new["device_id"], new["replaces"]) == ("dev-pv-02", "dev-pv-01")
    assert actor.conduct("GET", "/state")["devices"] == [old, new]


def test_devices_come_in_pages(new_actor: Callable[..., Actor], device: Callable[..., Any]) -> None:
    named = [f"dev-{number}" for number in range(5)]
    actor = new_actor(limits={"page_max_items": 2}, devices=[device(device_id=name) for name in named])
    found, following = [], "/v1/devices"
    while following:
        page = actor.get(following).json()
        found.append([each["device_id"] for each in page["devices"]])
        following = page.get("next")
    assert found == [["dev-0", "dev-1"], ["dev-2", "dev-3"], ["dev-4"]]


def test_a_certificate_is_filed_once(actor: Actor, certificate: Callable[..., Any]) -> None:
    path, entry = "/v1/devices/dev-pv-01/calibrations", certificate(certificate_no="example-2")
    answers = [post(actor, path, each) for each in (entry, entry, {**entry, "issuer": "other"})]
    assert [each.status_code for each in answers] == [201, 200, 409]
    assert answers[2].json()["code"] == "device-conflict"
    filed = actor.get("/v1/devices/dev-pv-01").json()["calibrations"]
    assert [each["certificate_no"] for each in filed] == ["example-1", "example-2"]
    assert filed[1] == answers[0].json() == entry


def test_a_certificate_has_an_end_after_its_beginning(actor: Actor, certificate: Callable[..., Any]) -> None:
    entry = certificate(certificate_no="example-2", valid_to=certificate()["valid_from"])
    refused = post(actor, "/v1/devices/dev-pv-01/calibrations", entry)
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/valid_to"]


def test_the_latest_state_reported_is_the_devices(actor: Actor) -> None:
    path = "/v1/devices/dev-pv-01/states"
    fault = {"state": "D", "since": "2026-03-01T13:20:00+08:00"}
    told = post(actor, path, fault)
    assert (told.status_code, told.json() | fault) == (201, told.json())
    assert told.json()["device_id"] == "dev-pv-01"
    post(actor, path, {"state": "M", "since": "2026-03-01T12:00:00+08:00"})
    assert actor.get("/v1/devices/dev-pv-01").json()["state"] == "D"
    post(actor, path, {"state": "N", "since": "2026-03-01T14:00:00+08:00"})
    assert actor.get("/v1/devices/dev-pv-01").json()["state"] == "N"


def test_nothing_is_filed_for_an_unknown_device(actor: Actor, certificate: Callable[..., Any]) -> None:
    state = {"state": "D", "since": "2026-03-01T13:20:00+08:00"}
    refused = [
        post(actor, "/v1/devices/dev-none/states", state),
        post(actor, "/v1/devices/dev-none/calibrations", certificate()),
        actor.get("/v1/devices/dev-none"),
    ]
    assert [each.json()["code"] for each in refused] == ["not-found"] * 3


def test_a_register_is_the_scenarios_own(new_actor: Callable[..., Actor]) -> None:
    post(new_actor(devices=[]), "/v1/devices", REPLACING)
    assert new_actor(devices=[]).get("/v1/devices").json() == {"devices": []}


def test_a_tenant_may_begin_with_devices(new_actor: Callable[..., Actor], device: Callable[..., Any]) -> None:
    since = "2026-02-01T00:00:00+08:00"
    found = new_actor(devices=[device(registered_at=since)]).get("/v1/devices/dev-pv-01").json()
    assert found == {**device(), "registered_at": since, "state": "N"}


@pytest.mark.parametrize("changes", [{"scheme": "WIND"}, {"installed_at": "2026-02-30T00:00:00+08:00"}])
def test_a_tenant_begins_with_sound_devices_only(
    server: Any, device: Callable[..., Any], changes: dict[str, Any]
) -> None:
    scenario = {"scenario_id": "s", "client_id": "c", "name": "n", "schemes": ["PV"]}
    order = {"scenario": scenario, "devices": [device(**changes)]}
    made = httpx.post(f"{server.control_url}/tenants", json=order, trust_env=False)
    assert made.json()["code"] == "schema-violation"
