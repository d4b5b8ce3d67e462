"""The database is killed under three workers in mid-traffic: who asks is told to come again, and nothing is lost."""

from __future__ import annotations

import json
import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
from platform_crowd import everywhere, plain
from platform_receiver import receiving
from postgresql import Cluster

from tanpuhui.mock_platform.serving import PlatformServer
from tanpuhui.mock_platform.state.store import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx
    from platform_process import Process
    from tests.mock_platform.conftest import Actor

    from tanpuhui.spec.message import HttpRequest

SENDERS, BATCH = 4, 5
LATER = (503, "maintenance", "1")


@dataclass
class Traffic:
    """Threads that report batch after batch, each under its key until it has its receipt."""

    actor: Actor
    new_record: Callable[..., dict[str, Any]]
    acknowledged: list[dict[str, Any]] = field(default_factory=list)
    told: Counter[tuple[int, str, str]] = field(default_factory=Counter)
    ending: threading.Event = field(default_factory=threading.Event)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def run(self) -> None:
        with closing(plain()) as http:
            one = replace(self.actor, http=http)
            while not self.ending.is_set():
                records = [self.new_record() for _ in range(BATCH)]
                self.report(one, json.dumps({"records": records}).encode())
                with self.changed:
                    self.acknowledged += records
                    self.changed.notify_all()

    def report(self, one: Actor, body: bytes) -> None:
        key = f'"{uuid.uuid4()}"'
        while (answer := one.send(_signed(one, body, key), receipt=False)).status_code != 200:
            with self.changed:
                self.told[_word(answer)] += 1
                self.changed.notify_all()

    def wait(self, enough: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(enough, timeout=60)

    def more(self) -> None:
        """Wait until a good deal more has been acknowledged."""
        so_far = len(self.acknowledged)
        self.wait(lambda: len(self.acknowledged) >= so_far + 2 * SENDERS * BATCH)


def _signed(one: Actor, body: bytes, key: str) -> HttpRequest:
    return one.signed("POST", "/v1/activity-batches", body=body, key=key)


def _word(answer: httpx.Response) -> tuple[int, str, str]:
    return (answer.status_code, answer.json()["code"], answer.headers.get("retry-after", ""))


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with Cluster() as running:
        yield running


def test_a_database_killed_in_mid_traffic(
    cluster: Cluster,
    crew: Callable[[str], Process],
    enter_platform: Callable[[str], Actor],
    pv_day: Callable[..., Any],
) -> None:
    db = cluster.new_database()
    actor = enter_platform(crew(db).control_url)
    actor.stand(), actor.token()
    traffic = Traffic(actor, pv_day)
    with ThreadPoolExecutor(SENDERS) as pool:
        senders = [pool.submit(traffic.run) for _ in range(SENDERS)]
        traffic.more()
        cluster.kill()
        traffic.wait(lambda: traffic.told[LATER] >= 2 * SENDERS)
        cluster.start()
        traffic.more()
        traffic.ending.set()
        for each in senders:
            each.result()
    assert set(traffic.told) == {LATER}
    _nothing_is_lost_or_doubled(actor, traffic.acknowledged)
    _news_travel(actor)
    with pytest.raises(StoreUnavailable):
        PlatformServer(db)
    actor.control.close(), actor.http.close()


def _nothing_is_lost_or_doubled(actor: Actor, acknowledged: list[dict[str, Any]]) -> None:
    state = actor.conduct("GET", "/state")
    assert state["records"]["accepted"] == state["answered"]["accepted"] == len(acknowledged)
    ids = [record["record_id"] for record in acknowledged]
    kept, path = [], "/v1/records"
    while path:
        page = actor.get(path).json()
        kept += [record["record_id"] for record in page["records"]]
        path = page.get("next")
    assert sorted(kept) == sorted(ids)


def _news_travel(actor: Actor) -> None:
    """An event is delivered, and whoever waits at any worker hears of what happens at another."""
    with receiving() as receiver:
        actor.conduct("PATCH", "/scenario", callback_url=receiver.url)
        event = actor.conduct("POST", "/events", type="notice.posted.v1", data={})
        sent = actor.await_entry(lambda entry: entry.get("direction") == "outbound")
        assert [json.loads(request.body) for request in receiver.got] == [event]
    after = actor.journal(sent["n"])[-1]["n"] if actor.journal(sent["n"]) else sent["n"]
    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(everywhere, actor, lambda one: one.journal(after, wait=60))
        while not watching.done():
            actor.get("/v1/links")
        assert all(watching.result())
