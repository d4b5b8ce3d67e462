"""A large file from the command line: taken in page by page, sent by upload, and gone on with wherever it was killed."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from tanpuhui.reference_client.cli import scenario

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PROGRAM = "from tanpuhui.reference_client.cli import scenario; scenario()"
LINK = "lnk_" + "a" * 22
COUNT = 3000
HEADER = "交易号,闸机号,连通号,行政区划代码,进站车站,出站车站,进站时间,出站时间,里程(km),票卡介质"
Command = list[str]


@pytest.fixture
def journeys(tmp_path: Path) -> Path:
    """So many journeys, every twentieth of them too short."""
    lines, first = [HEADER], datetime.fromisoformat("2026-03-08T06:00:00+08:00")
    for n in range(COUNT):
        start = first + timedelta(seconds=20 * n)
        end = start + timedelta(seconds=30 if n % 20 == 0 else 1200)
        lines.append(
            f"T{n},gate-{n % 40:03d},{LINK},310115,L01-S{n % 20:02d},L02-S{n % 30 + 20:02d},{start},{end},9.5,qr"
        )
    (tmp_path / "journeys.csv").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path / "journeys.csv"


@pytest.fixture
def command(new_tenant: Callable[..., Any], tmp_path: Path) -> tuple[Any, Callable[..., Command]]:
    """A tenant, and the command that reports a file to it."""
    limits = {"results_page_max_items": 500, "batch_max_records": 200}
    tenant = new_tenant(times={"job_poll_seconds": 0.05}, limits=limits)
    made = CliRunner().invoke(scenario, ["key", str(tmp_path / "key.json")])
    tenant.conduct("PATCH", "/scenario", jwks=json.loads(made.output), schemes=["RAIL"])
    named = ["--discovery-url", tenant.discovery_url, "--client-id", "cli-1", "--scenario-id", "scn-1"]
    kept = ["--key", str(tmp_path / "key.json"), "--db", str(tmp_path / "outbox.db")]
    return tenant, lambda file, *options: ["report", str(file), *named, *kept, *options]


def run(command: Command) -> Result:
    return CliRunner().invoke(scenario, command)


def started(command: Command) -> subprocess.Popen[bytes]:
    program = [sys.executable, "-c", PROGRAM, *command]
    return subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def uploaded(tenant: Any) -> list[dict[str, Any]]:
    bodies = {
        each["request"]["body_b64"]: base64.b64decode(each["request"]["body_b64"])
        for each in tenant.exchanges("submitUpload")
    }
    return [json.loads(line) for body in bodies.values() for line in gzip.decompress(body).splitlines()]


def until_written(tenant: Any, process: subprocess.Popen[bytes], database: Path) -> None:
    """Until the outbox holds a first page of the file."""
    journal = database.with_name(database.name + "-wal")
    while process.poll() is None and not (journal.exists() and journal.stat().st_size > 200_000):
        try:
            process.wait(0.005)
        except subprocess.TimeoutExpired:
            continue


def until_asked(operation: str) -> Callable[..., None]:
    def until(tenant: Any, process: subprocess.Popen[bytes], database: Path) -> None:
        tenant.await_exchange(operation)

    return until


POINTS = {
    "the file is being taken in": until_written,
    "its records are about to be composed": until_asked("listEvents"),
    "the upload was handed over": until_asked("submitUpload"),
    "its job is running": until_asked("getJob"),
    "its verdicts are being taken": until_asked("listJobResults"),
}


@pytest.mark.parametrize("point", POINTS)
def test_killed_and_run_again_every_record_is_there_once(
    journeys: Path, command: tuple[Any, Callable[..., Command]], tmp_path: Path, point: str
) -> None:
    tenant, order = command
    process = started(order(journeys, "--by", "uploads"))
    POINTS[point](tenant, process, tmp_path / "outbox.db")
    process.kill()
    process.wait()
    for _ in range(2):
        done = run(order(journeys, "--by", "uploads"))
        assert done.exit_code == 0, done.output
        assert f"已接受 accepted {COUNT * 19 // 20}" in done.output
    sent = uploaded(tenant)
    accepted = COUNT * 19 // 20
    assert len(sent) == len({record["record_id"] for record in sent}) == accepted
    assert len({record["activity_start"] for record in sent}) == accepted
    assert tenant.state()["records"] == {"accepted": accepted, "held": 0, "rejected": 0}


@pytest.mark.parametrize(("by", "operation"), [("auto", "submitUpload"), ("batches", "submitBatch")])
def test_many_records_go_by_upload_unless_batches_are_asked_for(
    journeys: Path, command: tuple[Any, Callable[..., Command]], by: str, operation: str
) -> None:
    tenant, order = command
    done = run(order(journeys, "--by", by))
    assert done.exit_code == 0, done.output
    others = {"submitUpload", "submitBatch"} - {operation}
    assert [bool(tenant.exchanges(each)) for each in (operation, *others)] == [True, False]


def test_a_file_that_is_not_whole_leaves_nothing_in_the_outbox(
    journeys: Path, command: tuple[Any, Callable[..., Command]], tmp_path: Path
) -> None:
    _, order = command
    with journeys.open("a", encoding="utf-8") as file:
        file.write("\nno journey at all")
    refused = run(order(journeys))
    assert (refused.exit_code, "--skip-bad-lines" in refused.output) == (2, True)
    assert not (tmp_path / "outbox.db").exists()
