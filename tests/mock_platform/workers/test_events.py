"""Events at several workers: whichever one raised them, each is delivered once and in order (EVT-001)."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any

import pytest
from platform_crowd import MANY, everywhere, patient
from platform_receiver import receiving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from platform_process import Process
    from platform_receiver import Receiver
    from tests.mock_platform.conftest import Actor


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def post_notice(actor: Actor) -> dict[str, Any]:
    return actor.conduct("POST", "/events", type="notice.posted.v1", data={})


def delivered(actor: Actor, events: int) -> list[dict[str, Any]]:
    """How deliveries stand when so many have been acknowledged."""
    after = 0
    while True:
        state = actor.conduct("GET", "/state")["deliveries"]
        if sum(each["acknowledged"] for each in state) == events:
            return state
        entries = actor.journal(after, wait=20)
        assert entries, "nothing more came"
        after = entries[-1]["n"]


def test_events_of_all_workers_are_delivered_once_and_in_order(shared: Actor, receiver: Receiver) -> None:
    shared.conduct("PATCH", "/scenario", callback_url=receiver.url)
    raised = everywhere(shared, post_notice)
    state = delivered(shared, MANY)
    assert receiver.events() == sorted(event["sequence"] for event in raised) == list(range(1, MANY + 1))
    assert {(each["state"], each["attempts"]) for each in state} == {("done", 1)}


def test_an_event_in_delivery_when_its_worker_is_killed_comes_again(
    crew: Callable[[str], Process],
    new_database: Callable[[], str],
    enter_platform: Callable[[str], Actor],
    receiver: Receiver,
) -> None:
    platform = crew(new_database())
    actor = enter_platform(platform.control_url)
    receiver.may_answer.clear()
    actor.conduct("PATCH", "/scenario", callback_url=receiver.url)
    raised = [post_notice(actor) for _ in range(3)]
    receiver.arrived.acquire()
    os.kill(platform.workers()[0], signal.SIGKILL)
    receiver.may_answer.set()
    patient(lambda: delivered(actor, 3))
    assert receiver.events() == [1, 1, 2, 3]
    assert receiver.got[0].body == receiver.got[1].body
    feed = patient(lambda: actor.get("/v1/events").json()["events"])
    assert feed == raised
    actor.control.close(), actor.http.close()
