"""The ledger of devices: registered before anything is composed, and heeded by what is sent."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

LINK = "lnk_" + "a" * 22
Build = Callable[..., Any]


def a_certificate(number: str = "cert-1", **changes: Any) -> dict[str, Any]:
    known = {"certificate_no": number, "issuer": "某院", "standard": "JJG 1085"}
    span = {"valid_from": "2026-01-01T00:00:00Z", "valid_to": "2027-01-01T00:00:00Z"}
    return known | span | changes


def a_device(device_id: str = "dev-pv-1", **changes: Any) -> dict[str, Any]:
    device = {"device_id": device_id, "scheme": "PV", "kind": "inverter", "model": "X-6", "replaces": None}
    device |= {"installed_at": "2025-06-01T00:00:00Z", "calibrations": [a_certificate()], "states": []}
    return device | changes


def a_plant(device_id: str = "dev-pv-1", day: str = "2026-03-07") -> dict[str, Any]:
    readings = [
        {"start": f"{day}T{hour:02d}:{minute:02d}:00Z", "power_w": "900.0", "state": "N"}
        for hour in range(8)
        for minute in (0, 15, 30, 45)
    ]
    plant = {"activity_id": f"{device_id}-{day}", "scheme": "PV", "link_id": LINK, "device_id": device_id}
    plant |= {"district_code": "310115", "capacity_kw": "6.000", "grid_connected_on": "2024-05-01"}
    return plant | {"interval_seconds": 900, "readings": readings}


def said(tenant: Any, operation: str) -> list[dict[str, Any]]:
    return [json.loads(base64.b64decode(each["request"]["body_b64"])) for each in tenant.exchanges(operation)]


def report(scenario: Any, *devices: dict[str, Any], plants: list[dict[str, Any]] | None = None) -> Any:
    scenario.connected.desk.ledger.load(devices)
    scenario.load(plants if plants is not None else [a_plant()])
    scenario.report()
    assert scenario.wait_idle(30)
    return scenario.status()


def test_devices_are_registered_and_calibrated_before_their_first_record(
    tenant: Any, reporting_to: Build
) -> None:
    status = report(reporting_to(tenant), a_device())
    assert (status.records["accepted"], status.withheld["device"]) == (1, 0)
    entries = (entry.get("operation") for entry in tenant.conduct("GET", "/journal")["entries"])
    order = [name for name in entries if name and name != "getJwks"]
    written = ["listDevices", "registerDevice", "addCalibration", "submitBatch"]
    assert order == ["getDiscovery", "requestToken", "listLinks", "listEvents", *written]


def test_nothing_is_told_twice(tenant: Any, reporting_to: Build) -> None:
    scenario = reporting_to(tenant)
    device = a_device(states=[{"state": "F", "since": "2026-03-08T04:00:00Z"}])
    for _ in range(3):
        report(scenario, device)
    counts = [len(said(tenant, name)) for name in ("registerDevice", "addCalibration", "reportDeviceState")]
    assert counts == [1, 1, 1]


def test_a_replacement_comes_after_what_it_replaces(tenant: Any, reporting_to: Build) -> None:
    new, old = a_device("dev-pv-0", replaces="dev-pv-9"), a_device("dev-pv-9")
    report(reporting_to(tenant), new, old)
    told = said(tenant, "registerDevice")
    assert [(one["device_id"], one.get("replaces")) for one in told] == [
        ("dev-pv-9", None),
        ("dev-pv-0", "dev-pv-9"),
    ]


STATES = [
    {"state": "D", "since": "2026-03-08T04:00:00Z"},
    {"state": "N", "since": "2026-03-08T05:00:00Z"},
    {"state": "F", "since": "2026-03-09T04:00:00Z"},
    {"state": "F", "since": "2026-04-09T04:00:00Z"},
]


def test_faults_that_have_begun_are_reported_once_each(tenant: Any, reporting_to: Build) -> None:
    report(reporting_to(tenant), a_device(states=STATES))
    assert said(tenant, "reportDeviceState") == [
        {"state": "D", "since": "2026-03-08T12:00:00+08:00"},
        {"state": "F", "since": "2026-03-09T12:00:00+08:00"},
    ]


WITHHELD = {
    "unknown": [a_device("dev-pv-7")],
    "never calibrated": [a_device(calibrations=[])],
    "calibrated later": [a_device(calibrations=[a_certificate(valid_from="2026-03-08T00:00:00Z")])],
    "calibration ended": [a_device(calibrations=[a_certificate(valid_to="2026-03-06T16:00:00Z")])],
}


@pytest.mark.parametrize("why", WITHHELD)
def test_records_of_a_device_that_is_not_on_file_are_withheld(
    tenant: Any, reporting_to: Build, why: str
) -> None:
    status = report(reporting_to(tenant), *WITHHELD[why])
    assert (status.withheld["device"], status.records["withheld"], tenant.sent()) == (1, 1, [])


def test_what_was_withheld_for_its_device_goes_out_once_the_device_is_on_file(
    tenant: Any, reporting_to: Build
) -> None:
    scenario = reporting_to(tenant)
    assert report(scenario, a_device(calibrations=[])).withheld["device"] == 1
    status = report(scenario, a_device())
    assert (status.records["accepted"], status.withheld["device"]) == (1, 0)


def test_a_device_that_the_platform_knows_needs_no_ledger(new_tenant: Build, reporting_to: Build) -> None:
    known = {name: value for name, value in a_device().items() if name not in {"states", "replaces"}}
    tenant = new_tenant(devices=[known])
    assert report(reporting_to(tenant)).records["accepted"] == 1
    assert said(tenant, "registerDevice") == []


def test_a_device_that_is_refused_does_not_stop_the_others(tenant: Any, reporting_to: Build) -> None:
    scenario = reporting_to(tenant)
    devices = [a_device("dev-pv-1", kind="meter"), a_device("dev-pv-2")]
    plants = [a_plant("dev-pv-1"), a_plant("dev-pv-2")]
    for _ in range(2):
        status = report(scenario, *devices, plants=plants)
        assert (status.records["accepted"], status.withheld["device"]) == (1, 1)
    assert len(said(tenant, "registerDevice")) == 2


def test_a_write_about_a_device_keeps_its_key_until_it_is_answered(tenant: Any, reporting_to: Build) -> None:
    tenant.arm(
        {"kind": "lose_answer", "operation": "registerDevice"},
        {"kind": "answer", "operation": "registerDevice", "status": 503, "problem": "maintenance"},
    )
    assert report(reporting_to(tenant), a_device()).records["accepted"] == 1
    tries = [each["request"] for each in tenant.exchanges("registerDevice")]
    assert len(tries) == 3
    assert len({(dict(each["headers"])["idempotency-key"], each["body_b64"]) for each in tries}) == 1


def test_rides_need_no_list_of_devices(
    tenant: Any, reporting_to: Build, ride: Build, finished: Build
) -> None:
    scenario = reporting_to(tenant)
    scenario.load([ride()])
    assert finished(scenario)["records"]["accepted"] == 1
    assert tenant.exchanges("listDevices") == []
