"""One answer per key (CAL-001, CAL-002)."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mock_platform.conftest import Actor

KEY = '"0123456789abcdef"'


def body(*records: Any) -> bytes:
    return json.dumps({"records": records}).encode()


def test_the_same_request_gets_the_first_answer_again(actor: Actor, pv_day: Callable[..., Any]) -> None:
    sent = body(pv_day())
    first, second = actor.submit(body=sent, key=KEY), actor.submit(body=sent, key=KEY)
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert actor.conduct("GET", "/state")["answered"]["accepted"] == 1


def test_another_body_under_the_key_is_refused(actor: Actor, pv_day: Callable[..., Any]) -> None:
    actor.submit(pv_day(), key=KEY)
    response = actor.submit(pv_day(), key=KEY)
    assert (response.status_code, response.json()["code"]) == (422, "idempotency-key-reused")


def test_a_body_that_differs_by_a_space_is_another_body(actor: Actor, pv_day: Callable[..., Any]) -> None:
    sent = body(pv_day())
    actor.submit(body=sent, key=KEY)
    assert actor.submit(body=sent + b" ", key=KEY).json()["code"] == "idempotency-key-reused"


@pytest.mark.parametrize(
    "key", ["", "0123456789abcdef", '"short"', f'"{"x" * 65}"', f"{KEY};a=1", '"0123456789abcde\\""']
)
def test_a_key_that_is_none_is_refused(actor: Actor, pv_day: Callable[..., Any], key: str) -> None:
    response = actor.submit(pv_day(), key=key)
    assert (response.status_code, response.json()["code"]) == (400, "idempotency-key-missing")


def test_a_refused_request_leaves_its_key_free(actor: Actor, pv_day: Callable[..., Any]) -> None:
    assert actor.submit(body=b'{"records":[]}', key=KEY).status_code == 422
    assert actor.submit(pv_day(), key=KEY).status_code == 200


def test_a_scripted_failure_leaves_its_key_free(actor: Actor, pv_day: Callable[..., Any]) -> None:
    actor.arm({"kind": "answer", "operation": "submitBatch", "status": 503})
    sent = body(pv_day())
    assert actor.submit(body=sent, key=KEY).status_code == 503
    second = actor.submit(body=sent, key=KEY)
    assert (second.status_code, second.headers.get("idempotency-replayed")) == (200, None)


def test_a_key_is_forgotten_after_its_days_and_the_record_is_not(
    actor: Actor, pv_day: Callable[..., Any]
) -> None:
    sent = body(pv_day())
    actor.submit(body=sent, key=KEY)
    actor.advance(7 * 86400 + 60)
    later = actor.submit(body=sent, key=KEY, token=actor.ask_token().json()["access_token"])
    assert [each["verdict"] for each in later.json()["verdicts"]] == ["duplicate"]


def test_a_key_in_flight_is_told_to_wait(actor: Actor, pv_day: Callable[..., Any]) -> None:
    actor.arm({"kind": "delay", "operation": "submitBatch", "seconds": 1.5})
    sent = body(pv_day())
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(actor.submit, body=sent, key=KEY, token=actor.token())
        while actor.fired() == [0]:
            continue
        response = actor.submit(body=sent, key=KEY)
        assert (response.status_code, response.json()["code"]) == (409, "idempotency-key-in-flight")
        assert response.headers["retry-after"] == "1"
        assert slow.result().status_code == 200
    assert actor.submit(body=sent, key=KEY).headers["idempotency-replayed"] == "true"
