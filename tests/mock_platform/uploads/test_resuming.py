"""A job that was begun is ended, whatever becomes of the process meanwhile: kill -9, and a second life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from platform_process import Process
    from platform_uploader import Uploader

MANY = 12_000


def test_a_killed_job_goes_on_at_the_line_where_it_stood(
    mortal: tuple[Uploader, Process],
    lives: Callable[..., Process],
    ride: Callable[..., Any],
    lines: Callable[..., bytes],
    packed: Any,
) -> None:
    uploader, process = mortal
    rides = [ride() for _ in range(MANY)]
    job = uploader.send(packed["zstd"](lines(*rides)), "zstd").json()
    judged = 0
    while not judged:
        judged = uploader.actor.get(f"/v1/jobs/{job['job_id']}").json()["totals"]["submitted"]
    process.kill()
    assert judged < MANY
    lives(*process.ports)
    ended = uploader.end_of(job["job_id"])
    assert (ended["state"], ended["totals"]["accepted"]) == ("succeeded", MANY)
    verdicts = uploader.verdicts(ended)
    assert [each["index"] for each in verdicts] == list(range(MANY))
    assert [each["record_id"] for each in verdicts] == [each["record_id"] for each in rides]
    assert uploader.actor.conduct("GET", "/state")["records"]["accepted"] == MANY


def test_an_upload_that_waits_is_not_lost(
    mortal: tuple[Uploader, Process],
    lives: Callable[..., Process],
    ride: Callable[..., Any],
    lines: Callable[..., bytes],
) -> None:
    uploader, process = mortal
    uploader.actor.arm({"kind": "slow_job", "operation": "submitUpload", "seconds": 600})
    slow, waiting = (uploader.send(lines(ride())).json()["job_id"] for _ in range(2))
    process.kill()
    lives(*process.ports)
    states = [uploader.actor.get(f"/v1/jobs/{each}").json()["state"] for each in (slow, waiting)]
    assert states == ["running", "queued"]
