"""A long upload keeps nobody waiting: what others send is answered between two of its stretches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tanpuhui.spec.business_time import parse_instant

if TYPE_CHECKING:
    from collections.abc import Callable

    from platform_uploader import Uploader
    from tests.mock_platform.conftest import Actor

LINES = 8_000


@pytest.mark.parametrize("whose", ["own", "other"])
def test_a_batch_is_answered_while_a_job_is_judged(
    uploader: Uploader,
    new_actor: Callable[..., Actor],
    ride: Callable[..., Any],
    lines: Callable[..., bytes],
    whose: str,
) -> None:
    sender = uploader.actor if whose == "own" else new_actor()
    sender.token()
    job = uploader.send(lines(*(ride() for _ in range(LINES)))).json()
    look = f"/v1/jobs/{job['job_id']}"
    while not uploader.actor.get(look).json()["totals"]["submitted"]:
        continue
    assert sender.verdicts(ride())[0]["verdict"] == "accepted"
    lag = uploader.actor.now() - sender.now()  # each tenant has a clock of its own
    answered = parse_instant(sender.exchanges("submitBatch")[-1]["answered_at"]) + lag
    assert uploader.end_of(job["job_id"])["totals"]["accepted"] == LINES
    (ended,) = (each["at"] for each in uploader.actor.journal() if each.get("what") == "job_ended")
    assert answered < parse_instant(ended)
