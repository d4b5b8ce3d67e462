"""The queue before the store is bounded: who finds it full is told to come again, and nothing is lost (CAL-004)."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tanpuhui.mock_platform.running import Pace
from tanpuhui.mock_platform.serving import PlatformServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx
    from tests.mock_platform.conftest import Actor

MOST = 3


@pytest.fixture
def narrow() -> Iterator[PlatformServer]:
    with PlatformServer(pace=Pace(most_waiting=MOST)) as running:
        yield running


@pytest.fixture
def visitor(narrow: PlatformServer, enter_platform: Callable[[str], Actor]) -> Iterator[Actor]:
    entered = enter_platform(narrow.control_url)
    yield entered
    entered.control.close()
    entered.http.close()


def test_a_full_queue_turns_away_and_nothing_is_lost(
    narrow: PlatformServer, visitor: Actor, pv_day: Callable[..., Any]
) -> None:
    bodies = [json.dumps({"records": [pv_day()]}).encode() for _ in range(MOST + 1)]
    sent = [
        visitor.signed("POST", "/v1/activity-batches", body=body, key=f'"{place:016d}"')
        for place, body in enumerate(bodies)
    ]
    go_on = threading.Event()
    narrow._store.submit(lambda _: go_on.wait())
    with ThreadPoolExecutor(MOST + 1) as pool:
        answers = [pool.submit(visitor.send, each) for each in sent]
        turned_away = first_answered(answers)
        go_on.set()
        statuses = sorted(each.result().status_code for each in answers)
    assert (turned_away.status_code, turned_away.json()["code"]) == (429, "rate-limited")
    assert turned_away.headers["retry-after"] == "1"
    assert statuses == [200] * MOST + [429]
    again = visitor.submit(body=bodies[-1], key=f'"{MOST:016d}"')
    assert again.status_code == 200
    assert len(visitor.exchanges("submitBatch")) == MOST + 1


def first_answered(answers: list[Any]) -> httpx.Response:
    """The one answer that comes while the store stands still."""
    while not any(each.done() for each in answers):
        continue
    return next(each.result() for each in answers if each.done())
