"""Killed in every phase of a bulk report, at a call that is known: run again, every record is there once."""

from __future__ import annotations

import base64
import gzip
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Build = Callable[..., Any]
PROGRAM = Path(__file__).parents[1] / "mortal_scenario.py"
RIDES, PAGE = 620, 100
POINTS: dict[str, tuple[str, str, int]] = {
    "the first page is being composed": ("composing", "record_id", 300),
    "one page is composed, the next is not": ("composing", "record_id", 600),
    "the file is being written": ("uploading", "line", 400),
    "the file is written and not yet known": ("uploading", "idempotency_key", 1),
    "its receipt is about to be kept": ("uploading", "pause", 1),
    "its job is looked at": ("uploading", "is_over", 1),
    "a page of verdicts is being taken": ("settling", "settled", 50),
    "some pages of verdicts are taken": ("uploading", "following", 3),
    "the last verdict is taken": ("uploading", "following", -(-RIDES // PAGE)),
    "the upload is about to be closed": ("uploading", "is_hopeless", 1),
}


def run(database: Path, order: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROGRAM), str(database)]
    return subprocess.run(command, input=json.dumps(order), capture_output=True, text=True, check=False)


def lines_sent(tenant: Any) -> list[dict[str, Any]]:
    """The lines of every upload that arrived, each upload once."""
    bodies = {each["request"]["body_b64"] for each in tenant.exchanges("submitUpload")}
    return [
        json.loads(line) for body in bodies for line in gzip.decompress(base64.b64decode(body)).splitlines()
    ]


@pytest.mark.parametrize("point", POINTS)
def test_run_again_every_record_is_there_once(
    new_tenant: Build, rides: Build, tmp_path: Path, point: str
) -> None:
    part, method, nth = POINTS[point]
    limits = {"results_page_max_items": PAGE}
    tenant = new_tenant(limits=limits, times={"job_poll_seconds": 0.02})
    order = {"discovery_url": tenant.discovery_url, "key": tenant.key.private_jwk(), "rides": rides(RIDES)}
    killed = run(tmp_path / "a.db", order | {"part": part, "method": method, "nth": nth})
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    done = run(tmp_path / "a.db", order)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["accepted"] == RIDES
    sent = lines_sent(tenant)
    assert len({record["record_id"] for record in sent}) == len({record["activity_start"] for record in sent})
    assert len(sent) == tenant.stored() == RIDES
