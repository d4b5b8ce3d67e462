"""Jobs that break off and jobs that take their time, as a script has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tanpuhui.mock_platform.serving import PlatformServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from platform_uploader import Uploader
    from tests.mock_platform.conftest import Actor


@pytest.mark.parametrize("after", [0, 3])
def test_a_broken_job_keeps_what_it_judged(
    uploader: Uploader, ride: Callable[..., Any], lines: Callable[..., bytes], after: int
) -> None:
    uploader.actor.arm({"kind": "break_job", "operation": "submitUpload", "after_lines": after})
    body = lines(*(ride() for _ in range(5)))
    job = uploader.ended(body)
    assert (job["state"], job["problem"]["code"]) == ("failed", "internal")
    assert job["totals"] == {"submitted": after, "accepted": after, "duplicate": 0, "held": 0, "rejected": 0}
    assert len(uploader.verdicts(job)) == after
    assert uploader.actor.fired() == [1]
    (note,) = (each for each in uploader.actor.journal() if each.get("what") == "fault_fired")
    assert note["job"] == job["job_id"]
    again = uploader.ended(body)
    assert (again["state"], again["totals"]["duplicate"]) == ("succeeded", after)


def test_a_broken_job_tells_the_problem_of_the_script(
    uploader: Uploader, lines: Callable[..., bytes]
) -> None:
    fault = {"kind": "break_job", "operation": "submitUpload", "after_lines": 1}
    uploader.actor.arm({**fault, "problem": "maintenance"})
    assert uploader.ended(lines({}, {}))["problem"]["code"] == "maintenance"


def test_a_slow_job_is_seen_running(uploader: Uploader, lines: Callable[..., bytes]) -> None:
    uploader.actor.arm({"kind": "slow_job", "operation": "submitUpload", "seconds": 600})
    sent = uploader.send(lines({}))
    uploader.actor.await_entry(lambda entry: entry.get("what") == "fault_fired")
    answer = uploader.actor.get(f"/v1/jobs/{sent.json()['job_id']}")
    assert (answer.json()["state"], answer.json()["totals"]["submitted"]) == ("running", 0)
    assert int(answer.headers["retry-after"]) >= 1
    assert uploader.actor.get(answer.json()["results"]).json() == {"verdicts": []}


def test_job_faults_strike_uploads_only(uploader: Uploader) -> None:
    fault = {"kind": "break_job", "operation": "submitBatch", "after_lines": 1}
    refused = uploader.actor.control.put(f"/tenants/{uploader.actor.tenant}/faults", json={"faults": [fault]})
    assert refused.json()["errors"][0]["pointer"] == "/faults/0/operation"


def test_an_answer_that_is_lost_leaves_one_job(
    uploader: Uploader, ride: Callable[..., Any], lines: Callable[..., bytes]
) -> None:
    uploader.actor.arm({"kind": "lose_answer", "operation": "submitUpload"})
    body, key = lines(ride()), '"0123456789abcdef"'
    with pytest.raises(httpx.RemoteProtocolError):
        uploader.send(body, key=key)
    uploader.end_of(uploader.send(body, key=key).json()["job_id"])
    assert len(uploader.actor.conduct("GET", "/state")["jobs"]) == 1


def test_a_mistake_of_our_own_ends_the_job_and_not_the_next_one(
    db: str,
    enter_platform: Callable[[str], Actor],
    uploader_of: Callable[[Actor], Uploader],
    ride: Callable[..., Any],
    lines: Callable[..., bytes],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with PlatformServer(db) as platform:
        uploader, record = uploader_of(enter_platform(platform.control_url)), ride()
        platform._store.run_now(lambda connection: connection.exec_driver_sql("DROP TABLE job_results"))
        for body in (lines(record), lines(ride())):
            job = uploader.ended(body)
            assert (job["state"], job["problem"]["code"]) == ("failed", "internal")
            assert job["totals"]["submitted"] == 0
        uploader.actor.control.close()
        uploader.actor.http.close()
    assert "job_results" in caplog.text
    assert record["record_id"] not in caplog.text


def test_a_scripted_verdict_strikes_an_upload_too(
    uploader: Uploader, ride: Callable[..., Any], lines: Callable[..., bytes]
) -> None:
    uploader.actor.arm({"kind": "verdict", "operation": "submitUpload", "verdict": "held"})
    job = uploader.ended(lines(ride(), ride()))
    assert [each["verdict"] for each in uploader.verdicts(job)] == ["held", "accepted"]
    (note,) = (each for each in uploader.actor.journal() if each.get("what") == "fault_fired")
    assert note["job"] == job["job_id"]
