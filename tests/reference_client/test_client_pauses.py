"""How long the client waits: measured at the place where it waits, not by a clock."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from tanpuhui.reference_client.calling.clock import PlatformClock, system_time
from tanpuhui.reference_client.calling.errors import Stopped, Unanswered
from tanpuhui.reference_client.calling.surroundings import Surroundings
from tanpuhui.reference_client.calling.waiting import Waiter
from tanpuhui.reference_client.client import ScenarioClient, operations_of

if TYPE_CHECKING:
    from collections.abc import Callable


TIMES = {"retry_first_seconds": 1, "retry_max_seconds": 5, "retry_jitter_percent": 0}


@pytest.fixture
def patient(new_tenant: Callable[..., Any]) -> Any:
    return new_tenant(times=TIMES)


def pauses_of(tenant: Any, *faults: dict[str, Any]) -> list[float]:
    kept: list[float] = []
    with ScenarioClient(operations_of(tenant.identity), wait=kept.append) as client:
        client.discovery()
        tenant.arm(*faults)
        client.links()
    return [round(pause, 3) for pause in kept]


def failing(times: int, **how: Any) -> dict[str, Any]:
    usual = {"kind": "answer", "operation": "listLinks", "status": 503, "problem": "maintenance"}
    return {**usual, "times": times, **how}


def test_pauses_follow_the_advertised_curve(patient: Any) -> None:
    assert pauses_of(patient, failing(5)) == [1, 2, 4, 5, 5]


def test_retry_after_in_seconds_is_kept(patient: Any) -> None:
    assert pauses_of(patient, failing(2, retry_after=7)) == [7, 7]


def test_retry_after_as_a_date_is_kept(patient: Any) -> None:
    (pause,) = pauses_of(patient, failing(1, retry_after="http-date", retry_after_seconds=9))
    assert 8 <= pause <= 10


def test_a_lost_request_is_repeated_after_the_first_delay(patient: Any) -> None:
    assert pauses_of(patient, {"kind": "lose_request", "operation": "listLinks"}) == [1]


def test_what_a_new_signature_cures_needs_no_pause_the_first_time(patient: Any) -> None:
    expired = {"kind": "expire_token", "operation": "listLinks"}
    assert pauses_of(patient, expired) == []
    assert pauses_of(patient, expired | {"times": 3}) == [2, 4]


def test_a_client_that_may_give_up_says_so(patient: Any) -> None:
    patient.arm(failing(9, operation="getDiscovery"))
    operations = operations_of(patient.identity, attempts_max=3)
    with (
        ScenarioClient(operations, wait=lambda _: None) as client,
        pytest.raises(Unanswered, match="maintenance"),
    ):
        client.discovery()
    assert len(patient.exchanges("getDiscovery")) == 3


def test_a_pause_of_an_hour_ends_when_the_client_is_stopped(patient: Any) -> None:
    patient.arm(failing(9, retry_after=3600))
    raised: list[Stopped] = []
    with ScenarioClient(operations_of(patient.identity)) as client:
        thread = Thread(target=lambda: raised.append(stopped_by(client)))
        thread.start()
        patient.await_exchange("listLinks")
        client.stop()
        thread.join(5)
    assert raised


def stopped_by(client: ScenarioClient) -> Stopped:
    with pytest.raises(Stopped) as stopped:
        client.links()
    return stopped.value


def test_a_waiter_keeps_short_pauses_and_ends_all_once_stopped() -> None:
    waiter = Waiter()
    waiter(0.001)
    waiter.stop()
    with pytest.raises(Stopped):
        waiter(10)


def test_a_local_clock_that_is_wrong_is_corrected_before_the_first_signature(patient: Any) -> None:
    wrong = PlatformClock(lambda: system_time() + timedelta(days=400))
    around = Surroundings(clock=wrong)
    with ScenarioClient(operations_of(patient.identity, around=around)) as client:
        client.links()
    assert [each["problem"] for each in patient.exchanges("listLinks")] == [None]
