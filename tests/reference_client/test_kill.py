"""A scenario that is killed at any point goes on by itself: nothing is lost, nothing is doubled."""

from __future__ import annotations

import base64
import gzip
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = "from tanpuhui.reference_client.cli import scenario; scenario()"
Build = Callable[..., Any]


@contextmanager
def running(db: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The scenario as a process of its own, and its testbed."""
    command = [sys.executable, "-c", PROGRAM, "serve", "--db", str(db)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        ready = next(line for line in process.stdout if line.startswith("READY "))
        try:
            yield process, json.loads(ready.removeprefix("READY "))["testbed_url"]
        finally:
            process.kill()


def told(method: str, url: str, **how: Any) -> Any:
    answer = httpx.request(method, url, trust_env=False, timeout=60, **how)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def started(testbed: str, tenant: Any, activities: list[dict[str, Any]], by: str = "batches") -> None:
    said = {"run": "r", "discovery_url": tenant.discovery_url, "client_id": "cli-1", "scenario_id": "scn-1"}
    tenant.conduct("PATCH", "/scenario", jwks=told("POST", testbed + "/reset", json=said)["jwks"])
    told("POST", testbed + "/activities", json={"activities": activities})
    told("POST", testbed + "/reports", json={"by": by})


def finished(testbed: str) -> dict[str, Any]:
    found = told("GET", testbed + "/status", headers={"prefer": "wait=30"})
    assert found["state"] == "idle"
    return found


def newest(tenant: Any) -> int:
    return tenant.conduct("GET", "/journal")["next"]


def require_exactly_once(tenant: Any, count: int) -> None:
    sent = tenant.sent()
    contents = {(record["record_id"], json.dumps(record, sort_keys=True)) for record in sent}
    starts = {record["activity_start"] for record in sent}
    assert len(contents) == len({record_id for record_id, _ in contents}) == len(starts) == count
    assert tenant.state()["records"] == {"accepted": count, "held": 0, "rejected": 0}
    tries = [each["request"] for each in tenant.exchanges("submitBatch")]
    keyed = {(dict(each["headers"])["idempotency-key"], each["body_b64"]) for each in tries}
    assert len(keyed) == len({key for key, _ in keyed})


def test_killed_again_and_again(new_tenant: Build, ride: Build, tmp_path: Path) -> None:
    tenant = new_tenant(limits={"batch_max_records": 2})
    rides = [ride(str(n), f"2026-03-09T{n:02d}:00:00Z") for n in range(12)]
    with running(tmp_path / "a.db") as (_, testbed):
        started(testbed, tenant, rides)
        tenant.await_entry(bool, newest(tenant))
    for step in (3, 7):
        before = newest(tenant)
        with running(tmp_path / "a.db"):
            tenant.await_entry(lambda entry, last=before + step: entry["n"] >= last, before)
    with running(tmp_path / "a.db") as (_, testbed):
        finished(testbed)
    require_exactly_once(tenant, 12)


TROUBLE = ({"kind": "lose_answer"}, {"kind": "delay", "seconds": 1})


@pytest.mark.parametrize("fault", TROUBLE, ids=lambda fault: fault["kind"])
def test_killed_while_an_answer_is_awaited(
    new_tenant: Build, ride: Build, tmp_path: Path, fault: dict[str, Any]
) -> None:
    tenant = new_tenant(times={"retry_first_seconds": 1})
    tenant.arm({"operation": "submitBatch", **fault})
    with running(tmp_path / "a.db") as (process, testbed):
        started(testbed, tenant, [ride("1"), ride("2", "2026-03-09T01:00:00Z")])
        tenant.await_entry(lambda entry: entry.get("what") == "fault_fired")
        process.send_signal(signal.SIGKILL)
    with running(tmp_path / "a.db") as (_, testbed):
        assert finished(testbed)["records"]["accepted"] == 2
    require_exactly_once(tenant, 2)


def uploaded(tenant: Any) -> list[tuple[str, bytes]]:
    """Key and content of every upload that arrived."""
    tries = [each["request"] for each in tenant.exchanges("submitUpload")]
    return [
        (dict(each["headers"])["idempotency-key"], gzip.decompress(base64.b64decode(each["body_b64"])))
        for each in tries
    ]


def require_uploaded_once(tenant: Any, count: int) -> None:
    """However often bytes went out: one record an activity, one effect a record, one content a key."""
    sent = uploaded(tenant)
    records = {line for _, body in sent for line in body.splitlines()}
    assert len(records) == len({json.loads(line)["record_id"] for line in records}) == count
    assert len(set(sent)) == len({key for key, _ in sent})
    assert tenant.state()["records"] == {"accepted": count, "held": 0, "rejected": 0}


POINTS: dict[str, tuple[dict[str, Any], Callable[[dict[str, Any]], bool]]] = {
    "the file is about to be sent": ({}, lambda entry: entry.get("operation") == "listEvents"),
    "its answer was lost": ({"kind": "lose_answer"}, lambda entry: entry.get("what") == "fault_fired"),
    "its answer is on its way": (
        {"kind": "delay", "seconds": 1},
        lambda entry: entry.get("what") == "fault_fired",
    ),
    "its job is running": (
        {"kind": "slow_job", "seconds": 1},
        lambda entry: entry.get("operation") == "getJob",
    ),
    "its job has failed": (
        {"kind": "break_job", "after_lines": 5},
        lambda entry: entry.get("what") == "job_ended",
    ),
    "its verdicts are being taken": ({}, lambda entry: entry.get("operation") == "listJobResults"),
}


@pytest.mark.parametrize("point", POINTS)
def test_killed_in_the_middle_of_an_upload(
    new_tenant: Build, ride: Build, tmp_path: Path, point: str
) -> None:
    fault, reached = POINTS[point]
    tenant = new_tenant(limits={"results_page_max_items": 1}, times={"job_poll_seconds": 0.05})
    if fault:
        tenant.arm({"operation": "submitUpload", **fault})
    rides = [ride(str(n), f"2026-03-09T{n:02d}:00:00Z") for n in range(12)]
    with running(tmp_path / "a.db") as (process, testbed):
        started(testbed, tenant, rides, "uploads")
        tenant.await_entry(reached)
        process.send_signal(signal.SIGKILL)
    with running(tmp_path / "a.db") as (_, testbed):
        assert finished(testbed)["records"]["accepted"] == 12
    require_uploaded_once(tenant, 12)


def test_a_restart_does_not_bring_a_pause_to_its_end(new_tenant: Build, ride: Build, tmp_path: Path) -> None:
    tenant = new_tenant()
    tenant.arm({"kind": "answer", "operation": "submitBatch", "status": 503, "retry_after": 3})
    with running(tmp_path / "a.db") as (_, testbed):
        started(testbed, tenant, [ride()])
        tenant.await_exchange("submitBatch")
        told("GET", testbed + "/status")
    with running(tmp_path / "a.db") as (_, testbed):
        finished(testbed)
    first, second = tenant.exchanges("submitBatch")
    assert seconds_between(first["answered_at"], second["at"]) >= 3


def seconds_between(earlier: str, later: str) -> float:
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()
