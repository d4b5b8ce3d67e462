"""What was acknowledged outlives kill -9: a real process, a real database, and a second life on it."""

from __future__ import annotations

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tanpuhui.mock_platform.serving import PlatformServer
from tanpuhui.mock_platform.state.store import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from platform_process import Process
    from tests.mock_platform.conftest import Actor

KEY = '"0123456789abcdef"'


@pytest.fixture
def killed(
    lives: Callable[..., Process], enter_platform: Callable[[str], Actor]
) -> Iterator[tuple[Actor, Process]]:
    process = lives()
    actor = enter_platform(process.control_url)
    yield actor, process
    actor.control.close()
    actor.http.close()


def test_nothing_acknowledged_is_lost(
    killed: tuple[Actor, Process], lives: Callable[..., Process], pv_day: Callable[..., Any]
) -> None:
    actor, process = killed
    acknowledged = submit_until_killed(actor, process, pv_day)
    assert len(acknowledged) >= 40
    lives(*process.ports)
    now = {each["record_id"]: each["verdict"] for page in pages(actor) for each in page}
    assert [record for record in acknowledged if now.get(record) != "accepted"] == []


def test_a_second_life_goes_on_where_the_first_ended(
    killed: tuple[Actor, Process], lives: Callable[..., Process], pv_day: Callable[..., Any]
) -> None:
    actor, process = killed
    frozen = actor.freeze()
    event = actor.conduct("POST", "/events", type="notice.posted.v1", data={})
    actor.arm({"kind": "answer", "status": 503, "operation": "listLinks", "times": 2})
    assert actor.get("/v1/links").status_code == 503
    body, replayed = json.dumps({"records": [pv_day()]}).encode(), actor.signed("GET", "/v1/scenario")
    answer = actor.submit(body=body, key=KEY)
    assert actor.send(replayed).status_code == 200
    seen = actor.journal()
    process.kill()
    lives(*process.ports)
    assert actor.now() == frozen
    assert actor.journal() == seen
    assert actor.submit(body=body, key=KEY).content == answer.content
    assert actor.send(replayed).json()["code"] == "nonce-replayed"
    assert actor.get("/v1/events").json()["events"] == [event]
    assert [actor.get("/v1/links").status_code for _ in range(2)] == [503, 200]


def test_a_database_serves_one_platform_at_a_time(db: str) -> None:
    with PlatformServer(db), pytest.raises(StoreUnavailable, match=re.escape(db)):
        PlatformServer(db)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database" * 100, encoding="utf-8")
    with pytest.raises(StoreUnavailable):
        PlatformServer(str(tmp_path / "text.db"))


def test_a_mistake_of_our_own_is_told_as_internal(
    db: str,
    enter_platform: Callable[[str], Actor],
    pv_day: Callable[..., Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with PlatformServer(db) as broken:
        actor, record = enter_platform(broken.control_url), pv_day()
        broken._store.run_now(lambda connection: connection.exec_driver_sql("DROP TABLE idempotent_answers"))
        response = actor.submit(record)
        assert (response.status_code, response.json()["code"]) == (500, "internal")
        assert actor.exchanges("submitBatch")[-1]["problem"] == "internal"
        assert actor.get(f"/v1/records/{record['record_id']}").status_code == 404
        broken._store.run_now(lambda connection: connection.exec_driver_sql("DROP TABLE faults"))
        told = actor.control.get(f"/tenants/{actor.tenant}/faults")
        assert (told.status_code, told.json()["code"]) == (500, "internal")
        actor.control.close()
        actor.http.close()
    assert re.search("no such table: idempotent_answers|UndefinedTable.*idempotent_answers", caplog.text)
    assert record["record_id"] not in caplog.text


def pages(actor: Actor) -> Iterator[list[dict[str, Any]]]:
    path: str | None = "/v1/records"
    while path:
        page = actor.get(path).json()
        yield page["records"]
        path = page.get("next")


def submit_until_killed(actor: Actor, process: Process, pv_day: Callable[..., Any]) -> list[str]:
    """Four threads that send batches; the process is killed in mid-stream after some were acknowledged."""
    token, acknowledged, enough = actor.token(), list[str](), threading.Event()

    def send() -> None:
        with suppress(httpx.TransportError):
            while True:
                records = [pv_day() for _ in range(5)]
                actor.verdicts(*records, token=token)
                acknowledged.extend(record["record_id"] for record in records)
                if len(acknowledged) >= 40:
                    enough.set()

    with ThreadPoolExecutor(4) as threads:
        sending = [threads.submit(send) for _ in range(4)]
        while not enough.wait(0.1) and not any(each.done() for each in sending):
            continue
        process.kill()
    for each in sending:
        each.result()
    return acknowledged
