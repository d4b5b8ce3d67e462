"""What the platform may read of the scenario: its reported records and their sums, page by page."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tanpuhui.reference_client.shape import faults

Build = Callable[..., Any]
DAY = "2026-03-09"


@pytest.fixture
def scene(tenant: Any, reporting_to: Build, served: Build) -> Any:
    """A tenant whose scenario is served."""
    tenant.scenario = reporting_to(tenant)
    tenant.server = served(tenant.scenario, tenant)
    return tenant


def asked(scene: Any, address: str) -> tuple[int, dict[str, Any]]:
    url = address if address.startswith("http") else scene.server.base_url + address
    return scene.deliver(method="GET", url=url)


def all_of(scene: Any, address: str, name: str) -> list[dict[str, Any]]:
    """Every item of a listing, each page being as the interface document says."""
    items: list[dict[str, Any]] = []
    following: str | None = address
    component = {"records": "ReportedRecordPage", "summaries": "DaySummaryPage"}[name]
    while following is not None:
        status, page = asked(scene, following)
        assert (status, faults("scenario", component, page)) == (200, ()), page
        items += page[name]
        following = page.get("next")
    return items


def a_day(ride: Build, count: int, day: str = DAY, **changes: Any) -> list[dict[str, Any]]:
    """Rides of one Shanghai day, beginning at midnight."""
    start = f"{day}T{{:02d}}:{{:02d}}:00Z"
    return [ride(f"{day}-{n}", start.format(n // 6, n % 6 * 10), minutes=5, **changes) for n in range(count)]


@pytest.mark.parametrize("by", ["batches", "uploads"])
def test_every_record_with_a_verdict_is_listed_once_as_it_was_sent(scene: Any, ride: Build, by: str) -> None:
    scene.scenario.load([*a_day(ride, 7), *a_day(ride, 2, "2026-03-08"), ride("short", minutes=0.5)])
    scene.scenario.report(by)
    assert scene.scenario.wait_idle(30)
    listed = all_of(scene, f"/v1/records?business_day={DAY}&limit=3", "records")
    ids = [record["record_id"] for record in listed]
    assert (len(ids), ids) == (7, sorted(set(ids)))
    assert {record["verdict"] for record in listed} == {"accepted"}
    assert len({record["receipt_id"] for record in listed}) == 1


def test_what_is_listed_is_what_the_platform_has(scene: Any, ride: Build, finished: Build) -> None:
    scene.scenario.load(a_day(ride, 4))
    finished(scene.scenario)
    listed = all_of(scene, f"/v1/records?business_day={DAY}", "records")
    there = sorted(scene.scenario.connected.client.records(DAY), key=lambda record: record["record_id"])
    own = [{name: value for name, value in record.items() if name != "receipt_id"} for record in listed]
    assert own == [
        {name: value for name, value in record.items() if name != "received_at"} for record in there
    ]


def test_pages_hold_while_records_come_in(scene: Any, ride: Build, finished: Build) -> None:
    scene.scenario.load(a_day(ride, 5))
    finished(scene.scenario)
    _, first = asked(scene, f"/v1/records?business_day={DAY}&limit=2")
    scene.scenario.load([ride("late", f"{DAY}T15:00:00Z")])
    finished(scene.scenario)
    rest = all_of(scene, first["next"], "records")
    ids = [record["record_id"] for record in (*first["records"], *rest)]
    assert (len(ids), ids) == (6, sorted(set(ids)))


def test_a_held_record_is_listed_with_the_verdict_that_was_decided(
    scene: Any, ride: Build, finished: Build
) -> None:
    scene.scenario.load(a_day(ride, 1, distance_m=50))
    finished(scene.scenario)
    (record,) = all_of(scene, f"/v1/records?business_day={DAY}", "records")
    (summary,) = all_of(scene, f"/v1/day-summaries?from={DAY}&to={DAY}", "summaries")
    assert (record["verdict"], summary["held"], summary["reduction_kg"]) == ("held", 1, "0.000000")
    data = {"record_id": record["record_id"], "verdict": "accepted", "reasons": []}
    scene.event("record.decided.v1", data)
    scene.await_exchange("receiveEvent")
    (record,) = all_of(scene, f"/v1/records?business_day={DAY}", "records")
    (summary,) = all_of(scene, f"/v1/day-summaries?from={DAY}&to={DAY}", "summaries")
    assert (record["verdict"], summary["accepted"]) == ("accepted", 1)
    assert summary["reduction_kg"] == record["reduction_kg"]


def test_day_summaries_add_up_what_is_listed(scene: Any, ride: Build, finished: Build) -> None:
    scene.scenario.load([*a_day(ride, 3, "2026-03-07"), *a_day(ride, 4), ride("held", distance_m=50)])
    finished(scene.scenario)
    summaries = all_of(scene, "/v1/day-summaries?from=2026-03-01&to=2026-03-31&limit=1", "summaries")
    assert [summary["business_day"] for summary in summaries] == ["2026-03-07", DAY]
    for summary in summaries:
        records = all_of(scene, f"/v1/records?business_day={summary['business_day']}", "records")
        accepted = [record for record in records if record["verdict"] == "accepted"]
        assert (summary["records"], summary["accepted"]) == (len(records), len(accepted))
        assert Decimal(summary["reduction_kg"]) == sum(Decimal(one["reduction_kg"]) for one in accepted)


def test_the_scheme_is_a_filter(scene: Any, ride: Build, finished: Build) -> None:
    scene.scenario.load(a_day(ride, 2))
    finished(scene.scenario)
    counts = [
        len(all_of(scene, f"/v1/records?business_day={DAY}&scheme={name}", "records"))
        for name in ("BIKE", "PV")
    ]
    assert counts == [2, 0]
    assert all_of(scene, f"/v1/day-summaries?from={DAY}&to={DAY}&scheme=PV", "summaries") == []


PARAMETERS = [
    "/v1/records",
    "/v1/records?business_day=2026-02-30",
    "/v1/records?business_day=20260309",
    f"/v1/records?business_day={DAY}&business_day={DAY}",
    f"/v1/records?business_day={DAY}&limit=0",
    f"/v1/records?business_day={DAY}&limit=501",
    f"/v1/records?business_day={DAY}&limit=ten",
    f"/v1/records?business_day={DAY}&scheme=TRAM",
    f"/v1/records?business_day={DAY}&cursor=made-up",
    f"/v1/records?business_day={DAY}&cursor=W10",
    f"/v1/records?business_day={DAY}&cursor=",
    f"/v1/records?business_day={DAY}&limit",
    "/v1/day-summaries?from=2026-03-02&to=2026-03-01",
    "/v1/day-summaries?from=2026-03-02",
]


@pytest.mark.parametrize("address", PARAMETERS)
def test_a_parameter_that_is_not_as_documented_is_refused(scene: Any, address: str) -> None:
    status, problem = asked(scene, address)
    assert (status, problem["code"]) == (400, "parameter-invalid")


def test_a_cursor_of_another_listing_is_refused(scene: Any, ride: Build, finished: Build) -> None:
    scene.scenario.load(a_day(ride, 3))
    finished(scene.scenario)
    _, page = asked(scene, f"/v1/records?business_day={DAY}&limit=1")
    status, problem = asked(scene, page["next"].replace(DAY, "2026-03-08"))
    assert (status, problem["code"]) == (400, "parameter-invalid")


@pytest.mark.parametrize("path", ["/v1/records", "/v1/day-summaries"])
@pytest.mark.parametrize("method", ["DELETE", "PUT", "HEAD", "GET", "POST"])
def test_a_stranger_gets_problems_only(scene: Any, method: str, path: str) -> None:
    answer = httpx.request(method, scene.server.base_url + path, trust_env=False)
    assert answer.status_code == (401 if method == "GET" else 405)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers.get("allow") == (None if method == "GET" else "GET")
