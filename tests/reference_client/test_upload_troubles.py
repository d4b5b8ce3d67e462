"""What can happen to an upload and its job: nothing is lost, nothing is doubled, nothing is hurried."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from tanpuhui.reference_client.scenario_parts import ScenarioParts
from tanpuhui.reference_client.sending.uploading import Uploading

Build = Callable[..., Any]
USUAL = ScenarioParts()
UPLOAD = "submitUpload"


def lines(body: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(body).splitlines()]


def test_what_was_not_answered_goes_out_again_byte_by_byte_under_its_key(
    tenant: Any, reporting_to: Build, rides: Build, uploaded: Build
) -> None:
    tenant.arm(
        {"kind": "lose_answer", "operation": "submitUpload"},
        {"kind": "answer", "operation": "submitUpload", "status": 503, "problem": "maintenance"},
        {"kind": "break_receipt", "operation": "submitUpload"},
    )
    scenario = reporting_to(tenant)
    scenario.load(rides(3))
    assert uploaded(scenario)["records"]["accepted"] == 3
    assert [len(tenant.bodies(UPLOAD)), len(set(tenant.bodies(UPLOAD))), len(set(tenant.keys(UPLOAD)))] == [
        4,
        1,
        1,
    ]
    assert len(tenant.state()["jobs"]) == 1


def test_what_a_failed_job_left_unjudged_goes_into_a_new_upload(
    tenant: Any, reporting_to: Build, rides: Build, uploaded: Build
) -> None:
    tenant.arm({"kind": "break_job", "operation": "submitUpload", "after_lines": 3})
    scenario = reporting_to(tenant)
    scenario.load(rides(8))
    assert uploaded(scenario)["records"]["accepted"] == 8
    first, second = (lines(body) for body in tenant.bodies(UPLOAD))
    assert first[3:] == second
    assert len(set(tenant.keys(UPLOAD))) == 2


def test_a_job_that_judges_nothing_is_no_reason_to_hurry(
    new_tenant: Build, reporting_to: Build, rides: Build, uploaded: Build
) -> None:
    tenant = new_tenant(times={"retry_first_seconds": 0.4, "retry_jitter_percent": 0})
    tenant.arm({"kind": "break_job", "operation": "submitUpload", "after_lines": 0, "times": 2})
    scenario = reporting_to(tenant)
    scenario.load(rides(2))
    assert uploaded(scenario)["records"]["accepted"] == 2
    times = [datetime.fromisoformat(each["at"]) for each in tenant.exchanges("submitUpload")]
    assert all((later - earlier).total_seconds() >= 0.4 for earlier, later in pairwise(times))


def test_a_job_that_is_stopped_for_good_before_its_first_line_is_parked(
    tenant: Any, reporting_to: Build, rides: Build, uploaded: Build
) -> None:
    tenant.arm(
        {
            "kind": "break_job",
            "operation": "submitUpload",
            "after_lines": 0,
            "problem": "content-coding-invalid",
            "times": 9,
        }
    )
    scenario = reporting_to(tenant)
    scenario.load(rides(2))
    assert uploaded(scenario)["outbox"] == 0
    uploaded(scenario)
    assert len(tenant.bodies(UPLOAD)) == 1


def test_an_upload_that_is_refused_for_good_is_parked(
    tenant: Any, reporting_to: Build, rides: Build, uploaded: Build
) -> None:
    tenant.arm({"kind": "answer", "operation": "submitUpload", "status": 422, "problem": "schema-violation"})
    scenario = reporting_to(tenant)
    scenario.load(rides(2))
    status = uploaded(scenario)
    assert (status["state"], status["outbox"], status["last_problem"]) == ("idle", 0, "schema-violation")
    uploaded(scenario)
    assert len(tenant.bodies(UPLOAD)) == 1


def test_records_whose_file_is_gone_are_packed_anew(
    tenant: Any, reporting_to: Build, rides: Build, uploaded: Build, tmp_path: Any
) -> None:
    tenant.arm({"kind": "answer", "operation": "submitUpload", "status": 503, "retry_after": 3600})
    first = reporting_to(tenant, str(tmp_path / "a.db"))
    first.load(rides(2))
    first.report("uploads")
    tenant.await_exchange("submitUpload")
    first.close()
    for file in (tmp_path / "a.db.files").iterdir():
        file.unlink()
    second = reporting_to(tenant, str(tmp_path / "a.db"))
    assert uploaded(second)["records"]["accepted"] == 2


def test_a_job_that_the_platform_has_lost_is_made_up_for_by_a_new_upload(
    tenant: Any, reporting_to: Build, rides: Build, uploaded: Build
) -> None:
    tenant.arm({"kind": "answer", "operation": "getJob", "status": 404, "problem": "not-found"})
    scenario = reporting_to(tenant)
    scenario.load(rides(2))
    assert uploaded(scenario)["last_problem"] == "not-found"
    assert uploaded(scenario)["records"]["duplicate"] == 2
    assert (len(tenant.bodies(UPLOAD)), tenant.stored()) == (2, 2)
    listed = scenario.connected.reported.book.records("2026-03-09", None, "", 9)
    assert [record.verdict for record in listed] == ["accepted", "accepted"]


def test_an_upload_that_was_forbidden_goes_out_unchanged_once_the_right_is_there(
    tenant: Any, reporting_to: Build, rides: Build, uploaded: Build
) -> None:
    forbidden = {"kind": "answer", "status": 403, "problem": "insufficient-scope"}
    tenant.arm({"operation": "submitUpload", **forbidden})
    scenario = reporting_to(tenant)
    scenario.load(rides(2))
    assert uploaded(scenario)["last_problem"] == "insufficient-scope"
    assert uploaded(scenario)["records"]["accepted"] == 2
    assert (len(tenant.bodies(UPLOAD)), len(set(tenant.bodies(UPLOAD))), len(set(tenant.keys(UPLOAD)))) == (
        2,
        1,
        1,
    )


def test_a_job_that_is_over_and_tells_too_little_is_no_answer(
    new_tenant: Build, reporting_to: Build, rides: Build, uploaded: Build
) -> None:
    class FirstPageOnly(Uploading):
        def following(self, *_: object) -> str | None:
            return None

    tenant = new_tenant(limits={"results_page_max_items": 3})
    scenario = reporting_to(tenant, parts=replace(USUAL, uploading=FirstPageOnly))
    scenario.load(rides(8))
    status = uploaded(scenario)
    assert (status["records"]["accepted"], status["outbox"], status["last_problem"]) == (3, 5, "WRT-013")
