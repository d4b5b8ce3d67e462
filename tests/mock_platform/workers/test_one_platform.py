"""Several worker processes are one platform: one effect, one clock, one journal, whichever of them answers."""

from __future__ import annotations

import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner
from platform_crowd import MANY, everywhere

from tanpuhui.mock_platform.cli import mock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from platform_process import Process
    from tests.mock_platform.conftest import Actor

KEY = '"0123456789abcdef"'


def test_one_record_on_all_workers_takes_effect_once(shared: Actor, pv_day: Callable[..., Any]) -> None:
    record = pv_day()
    words = sorted(verdict["verdict"] for (verdict,) in everywhere(shared, lambda one: one.verdicts(record)))
    assert words == ["accepted"] + ["duplicate"] * (MANY - 1)
    assert shared.conduct("GET", "/state")["reduction_kg"] == "9.851520"


def test_one_key_on_all_workers_has_one_answer(shared: Actor, pv_day: Callable[..., Any]) -> None:
    body = json.dumps({"records": [pv_day()]}).encode()
    answers = everywhere(shared, lambda one: one.submit(body=body, key=KEY))
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1


def test_a_key_in_flight_at_one_worker_is_told_to_wait_by_all(
    shared: Actor, pv_day: Callable[..., Any]
) -> None:
    shared.arm({"kind": "delay", "operation": "submitBatch", "seconds": 3})
    body = json.dumps({"records": [pv_day()]}).encode()
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(shared.submit, body=body, key=KEY, token=shared.token())
        while shared.fired() == [0]:
            continue
        answers = everywhere(shared, lambda one: one.submit(body=body, key=KEY))
        assert {answer.status_code for answer in answers} == {409}
        assert slow.result().status_code == 200
    assert shared.submit(body=body, key=KEY).headers["idempotency-replayed"] == "true"


def test_a_request_repeated_at_another_worker_is_a_replay(shared: Actor) -> None:
    request = shared.signed("GET", "/v1/scenario")
    statuses = sorted(answer.status_code for answer in everywhere(shared, lambda one: one.send(request)))
    assert statuses == [200] + [401] * (MANY - 1)


def test_a_fault_fires_as_often_as_it_is_armed(shared: Actor) -> None:
    shared.arm({"kind": "answer", "operation": "listLinks", "status": 503, "times": 2})
    statuses = sorted(answer.status_code for answer in everywhere(shared, lambda one: one.get("/v1/links")))
    assert statuses == [200] * (MANY - 2) + [503] * 2
    assert shared.fired() == [2]


def test_the_clock_is_the_same_everywhere(shared: Actor) -> None:
    shared.freeze()
    everywhere(shared, lambda one: one.http.get(f"{one.issuer}/.well-known/tanpuhui"))
    shared.advance(3600)
    shown = everywhere(shared, lambda one: one.http.get(f"{one.issuer}/.well-known/tanpuhui").json()["now"])
    assert set(shown) == {shared.now().isoformat(timespec="milliseconds")}


def test_the_journal_is_one_and_its_news_reach_every_worker(shared: Actor) -> None:
    after = max((entry["n"] for entry in shared.journal()), default=0)
    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(
            everywhere, shared, lambda one: (one.journal(after, wait=30), time.monotonic())
        )
        while not watching.done():
            told, begun = shared.get("/v1/links").status_code, time.monotonic()
        waited = [seen - begun for _, seen in watching.result()]
    assert told == 200
    assert max(waited) < 5
    everywhere(shared, lambda one: one.get("/v1/links"))
    numbers = [entry["n"] for entry in shared.journal()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_tenant_is_gone_everywhere(shared: Actor) -> None:
    everywhere(shared, lambda one: one.get("/v1/links"))
    shared.control.delete(f"/tenants/{shared.tenant}")
    answers = everywhere(shared, lambda one: one.http.get(f"{one.issuer}/jwks").status_code)
    assert set(answers) == {404}


def test_a_worker_that_dies_is_replaced(shared: Actor, platform: Process, pv_day: Callable[..., Any]) -> None:
    record = pv_day()
    shared.verdicts(record)
    before = platform.workers()
    os.kill(before[0], signal.SIGKILL)
    while len(alive := platform.workers()) < 3 or before[0] in alive:
        continue
    words = {verdict["verdict"] for (verdict,) in everywhere(shared, lambda one: one.verdicts(record))}
    assert words == {"duplicate"}


def test_several_workers_need_postgresql(tmp_path: Path) -> None:
    result = CliRunner().invoke(mock, ["--db", str(tmp_path / "platform.db"), "--workers", "2"])
    assert result.exit_code == 2
    assert "postgresql://" in result.output
