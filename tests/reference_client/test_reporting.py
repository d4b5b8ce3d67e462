"""A report from beginning to end, against a real platform."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

OTHER = "lnk_" + "b" * 22
Build = Callable[..., Any]


def test_everything_due_is_reported_once_in_batches_of_the_advertised_size(
    new_tenant: Build, reporting_to: Build, finished: Build, ride: Build
) -> None:
    tenant = new_tenant(limits={"batch_max_records": 3})
    scenario = reporting_to(tenant)
    scenario.load([ride(str(n)) for n in range(8)])
    assert finished(scenario)["records"]["accepted"] == 8
    assert [len(json.loads(body)["records"]) for body in bodies(tenant)] == [3, 3, 2]
    assert finished(scenario)["records"]["accepted"] == 8
    assert len(tenant.sent()) == 8


def test_no_body_is_larger_than_advertised(
    new_tenant: Build, reporting_to: Build, finished: Build, ride: Build
) -> None:
    tenant = new_tenant(limits={"body_max_bytes": 2000})
    scenario = reporting_to(tenant)
    scenario.load([ride(str(n)) for n in range(8)])
    assert finished(scenario)["records"]["accepted"] == 8
    assert max(map(len, bodies(tenant))) <= 2000


def bodies(tenant: Any) -> list[bytes]:
    return [base64.b64decode(each["request"]["body_b64"]) for each in tenant.exchanges("submitBatch")]


def test_a_report_begins_with_what_the_platform_says(
    tenant: Any, reporting_to: Build, finished: Build, ride: Build
) -> None:
    scenario = reporting_to(tenant)
    scenario.load([ride()])
    finished(scenario)
    order = [
        entry["operation"] for entry in tenant.conduct("GET", "/journal")["entries"] if "operation" in entry
    ]
    kept = [name for name in order if name != "getJwks"]
    assert kept == ["getDiscovery", "requestToken", "listLinks", "listEvents", "submitBatch"]


WITHHELD = {
    "link": {"link_id": OTHER},
    "rule": {"minutes": 0.5},
    "not-ended": {"start": "2026-03-10T03:00:00Z", "minutes": 120, "distance_m": 20_000},
    "late": {"start": "2026-02-01T00:00:00Z"},
    "exclusion": {"start": "2023-02-01T00:00:00Z"},
}


@pytest.fixture
def tenant_with_old_links(new_tenant: Build, link: Build) -> Any:
    return new_tenant(links=[link(valid_from="2020-01-01T00:00:00+08:00"), link(OTHER, status="suspended")])


@pytest.mark.parametrize("reason", WITHHELD)
def test_what_must_not_be_sent_is_withheld_for_its_reason(
    tenant_with_old_links: Any, reporting_to: Build, finished: Build, ride: Build, reason: str
) -> None:
    scenario = reporting_to(tenant_with_old_links)
    scenario.load([ride("good"), ride("bad", **WITHHELD[reason])])
    status = finished(scenario)
    assert (status["records"]["accepted"], status["records"]["withheld"]) == (1, 1)
    assert {name: count for name, count in status["withheld"].items() if count} == {reason: 1}
    assert len(tenant_with_old_links.sent()) == 1


def test_an_activity_is_reported_once_it_has_ended(
    tenant: Any, reporting_to: Build, finished: Build, ride: Build
) -> None:
    scenario = reporting_to(tenant)
    scenario.load([ride(start="2026-03-10T03:50:00Z", minutes=60)])
    assert finished(scenario)["withheld"]["not-ended"] == 1
    tenant.conduct("POST", "/clock", advance_seconds=7200)
    status = finished(scenario)
    assert (status["records"]["accepted"], status["records"]["withheld"]) == (1, 0)


def test_what_a_device_is_called_never_names_a_person(
    tenant: Any, reporting_to: Build, finished: Build, ride: Build
) -> None:
    scenario = reporting_to(tenant)
    scenario.load([ride(device_id="13812345678")])
    assert finished(scenario)["withheld"]["rule"] == 1
    assert tenant.sent() == []


def test_missed_events_are_heeded_before_anything_is_sent(
    tenant: Any, reporting_to: Build, finished: Build, ride: Build
) -> None:
    tenant.suspend("lnk_" + "a" * 22, "2026-03-09T00:00:00+08:00")
    scenario = reporting_to(tenant)
    scenario.load([ride("before", "2026-03-08T15:00:00Z"), ride("after", "2026-03-08T17:00:00Z")])
    status = finished(scenario)
    assert (status["records"]["accepted"], status["withheld"]["link"]) == (1, 1)


def test_verdicts_settle_records_one_by_one(
    tenant: Any, reporting_to: Build, finished: Build, ride: Build
) -> None:
    scenario = reporting_to(tenant)
    tenant.arm(
        {"kind": "verdict", "operation": "submitBatch", "verdict": "rejected", "code": "reduction-mismatch"}
    )
    scenario.load([ride("1"), ride("2", distance_m=50), ride("3")])
    records = finished(scenario)["records"]
    assert (records["accepted"], records["held"], records["rejected"]) == (1, 1, 1)
    finished(scenario)
    assert len(tenant.sent()) == 3


def test_a_rejected_record_comes_back_only_with_other_content_under_its_own_id(
    tenant: Any, reporting_to: Build, finished: Build, ride: Build
) -> None:
    scenario = reporting_to(tenant)
    tenant.arm(
        {"kind": "verdict", "operation": "submitBatch", "verdict": "rejected", "code": "reduction-mismatch"}
    )
    scenario.load([ride(distance_m=2200)])
    finished(scenario)
    scenario.load([ride(distance_m=2200)])
    finished(scenario)
    scenario.load([ride(distance_m=2300)])
    assert finished(scenario)["records"]["accepted"] == 1
    first, second = tenant.sent()
    assert first["record_id"] == second["record_id"]


def test_a_batch_that_is_refused_for_good_is_parked_and_not_sent_again(
    new_tenant: Build, reporting_to: Build, finished: Build, ride: Build
) -> None:
    tenant = new_tenant(limits={"batch_max_records": 1})
    tenant.arm({"kind": "answer", "operation": "submitBatch", "status": 422, "problem": "schema-violation"})
    scenario = reporting_to(tenant)
    scenario.load([ride("1"), ride("2")])
    status = finished(scenario)
    assert (status["state"], status["outbox"], status["records"]["accepted"]) == ("idle", 0, 1)
    assert status["last_problem"] == "schema-violation"
    finished(scenario)
    assert len(tenant.exchanges("submitBatch")) == 2
    assert [row["status"] for row in scenario.connected.store.rows("SELECT status FROM receipts")] == [
        422,
        200,
    ]


def test_a_record_that_waited_is_held_back_when_its_link_ends(
    new_tenant: Build, reporting_to: Build, served: Build, ride: Build
) -> None:
    tenant = new_tenant(limits={"batch_max_records": 1})
    tenant.arm(
        {
            "kind": "answer",
            "operation": "submitBatch",
            "status": 503,
            "problem": "maintenance",
            "retry_after": 1,
        }
    )
    scenario = reporting_to(tenant)
    served(scenario, tenant)
    scenario.load([ride("1"), ride("2", "2026-03-09T03:00:00Z")])
    scenario.report()
    tenant.await_exchange("submitBatch")
    tenant.suspend("lnk_" + "a" * 22, "2026-03-09T09:00:00+08:00")
    tenant.await_exchange("receiveEvent")
    assert scenario.wait_idle(30)
    status = scenario.status().as_mapping()
    assert (status["records"]["accepted"], status["withheld"]["link"]) == (1, 1)


def test_receipts_are_kept_with_what_they_prove(
    tenant: Any, reporting_to: Build, finished: Build, ride: Build
) -> None:
    scenario = reporting_to(tenant)
    scenario.load([ride()])
    finished(scenario)
    (kept,) = scenario.connected.store.rows("SELECT * FROM receipts JOIN batches USING (batch)")
    assert json.loads(kept["answer_body"])["totals"]["accepted"] == 1
    assert "signature" in dict(json.loads(kept["answer_fields"]))
    assert json.loads(kept["body"])["records"][0]["record_id"] == tenant.sent()[0]["record_id"]


def test_a_batch_that_was_forbidden_goes_out_unchanged_once_the_right_is_there(
    tenant: Any, reporting_to: Build, finished: Build, ride: Build
) -> None:
    tenant.arm({"kind": "answer", "operation": "submitBatch", "status": 403, "problem": "insufficient-scope"})
    scenario = reporting_to(tenant)
    scenario.load([ride("1"), ride("2")])
    assert finished(scenario)["last_problem"] == "insufficient-scope"
    assert finished(scenario)["records"]["accepted"] == 2
    tries = [each["request"] for each in tenant.exchanges("submitBatch")]
    fields = [dict(each["headers"]) for each in tries]
    assert (
        len({(each["idempotency-key"], one["body_b64"]) for each, one in zip(fields, tries, strict=True)})
        == 1
    )
    assert len({each["authorization"] for each in fields}) == 2


def test_what_was_corrected_since_leaves_its_forbidden_batch(
    tenant: Any, reporting_to: Build, finished: Build, ride: Build
) -> None:
    tenant.arm({"kind": "answer", "operation": "submitBatch", "status": 403, "problem": "insufficient-scope"})
    scenario = reporting_to(tenant)
    scenario.load([ride("1"), ride("2")])
    finished(scenario)
    scenario.load([ride("1", distance_m=2300)])
    assert finished(scenario)["records"]["accepted"] == 2
    told = {record["activity"]["distance_km"] for record in tenant.sent()[2:]}
    assert (len(tenant.sent()), told) == (4, {"2.300", "2.200"})
