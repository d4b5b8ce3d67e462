"""Uploads at several workers: whichever took one in, it is judged once, and every worker shows its job."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any

from platform_crowd import MANY, everywhere, patient
from platform_uploader import Uploader, as_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from platform_process import Process
    from tests.mock_platform.conftest import Actor

KEY = '"0123456789abcdef"'
LINES = 8_000


def test_one_upload_at_all_workers_is_one_job(shared: Actor, ride: Callable[..., Any]) -> None:
    body = as_lines(*(ride() for _ in range(50)))
    answers = everywhere(shared, lambda one: Uploader(one).send(body, key=KEY))
    (job_id,) = {answer.json()["job_id"] for answer in answers}
    ended = Uploader(shared).end_of(job_id)
    assert (ended["state"], ended["totals"]["accepted"]) == ("succeeded", 50)
    shown = everywhere(
        shared, lambda one: (one.get(f"/v1/jobs/{job_id}").json(), Uploader(one).verdicts(ended))
    )
    assert all(job == ended for job, _ in shown)
    assert all([each["index"] for each in verdicts] == list(range(50)) for _, verdicts in shown)


def test_uploads_at_all_workers_are_each_judged_once(shared: Actor, ride: Callable[..., Any]) -> None:
    answers = everywhere(shared, lambda one: Uploader(one).send(as_lines(*(ride() for _ in range(20)))))
    jobs = [Uploader(shared).end_of(answer.json()["job_id"]) for answer in answers]
    assert [job["totals"]["accepted"] for job in jobs] == [20] * MANY
    assert shared.conduct("GET", "/state")["records"]["accepted"] == 20 * MANY


def test_a_job_goes_on_when_the_worker_that_judges_is_killed(
    crew: Callable[[str], Process],
    new_database: Callable[[], str],
    enter_platform: Callable[[str], Actor],
    ride: Callable[..., Any],
) -> None:
    platform = crew(new_database())
    uploader = Uploader(enter_platform(platform.control_url))
    rides = [ride() for _ in range(LINES)]
    job = uploader.send(as_lines(*rides)).json()
    while not (judged := uploader.actor.get(f"/v1/jobs/{job['job_id']}").json()["totals"]["submitted"]):
        continue
    os.kill(platform.workers()[0], signal.SIGKILL)
    ended = patient(lambda: uploader.end_of(job["job_id"]))
    assert judged < LINES
    assert (ended["state"], ended["totals"]["submitted"], ended["totals"]["accepted"]) == (
        "succeeded",
        LINES,
        LINES,
    )
    verdicts = uploader.verdicts(ended)
    assert [each["record_id"] for each in verdicts] == [each["record_id"] for each in rides]
    assert uploader.actor.conduct("GET", "/state")["records"]["accepted"] == LINES
    uploader.actor.control.close(), uploader.actor.http.close()
