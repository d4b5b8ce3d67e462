"""Each fault strikes where it was told to, is counted, and leaves its note (and nothing goes wrong otherwise)."""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tanpuhui.mock_platform.state.faults import KINDS
from tanpuhui.spec.signing import SignatureRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mock_platform.conftest import Actor

BATCH = {"operation": "submitBatch"}
KEY = '"0123456789abcdef"'


def notes(actor: Actor) -> list[tuple[str, str]]:
    return [
        (each["fault"], each["fault_kind"]) for each in actor.journal() if each.get("what") == "fault_fired"
    ]


def accepted(actor: Actor) -> int:
    return int(actor.conduct("GET", "/state")["records"]["accepted"])


def test_a_lost_answer_has_its_effect_and_no_byte(actor: Actor, pv_day: Callable[..., Any]) -> None:
    actor.arm({"id": "lost", "kind": "lose_answer", **BATCH})
    body = json.dumps({"records": [pv_day()]}).encode()
    with pytest.raises(httpx.RemoteProtocolError):
        actor.submit(body=body, key=KEY)
    assert (accepted(actor), actor.fired(), notes(actor)) == (1, [1], [("lost", "lose_answer")])
    entry = actor.exchanges("submitBatch")[-1]
    assert (entry["lost"], entry["fault"], entry["response"]["status"]) == (True, "lost", 200)
    assert actor.submit(body=body, key=KEY).headers["idempotency-replayed"] == "true"


def test_a_lost_request_has_no_effect(actor: Actor, pv_day: Callable[..., Any]) -> None:
    actor.arm({"kind": "lose_request", **BATCH})
    record = pv_day()
    with pytest.raises(httpx.HTTPError):
        actor.submit(record, key=KEY)
    entry = actor.exchanges("submitBatch")[-1]
    assert (accepted(actor), entry["lost"], entry["response"]) == (0, True, None)
    assert entry["observed"]["signature"] == "ok"
    assert actor.verdicts(record, key=KEY)[0]["verdict"] == "accepted"
    assert actor.fired() == [1]


def test_a_delay_comes_before_the_answer(actor: Actor, pv_day: Callable[..., Any]) -> None:
    actor.arm({"kind": "delay", "seconds": 0.2, **BATCH})
    assert actor.verdicts(pv_day())[0]["verdict"] == "accepted"
    entry = actor.exchanges("submitBatch")[-1]
    assert entry["answered_at"] > entry["at"]
    assert notes(actor) == [("fault-1", "delay")]


def test_an_answer_to_somebody_who_hung_up_is_told_as_lost(actor: Actor, pv_day: Callable[..., Any]) -> None:
    actor.arm({"kind": "delay", "seconds": 0.5, **BATCH})
    body = json.dumps({"records": [pv_day()]}).encode()
    request = actor.signed("POST", "/v1/activity-batches", body=body, key=KEY)
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(request.url, headers=list(request.headers), content=body, timeout=0.1)
    entry = actor.await_entry(lambda each: each.get("operation") == "submitBatch")
    assert (entry["lost"], entry["response"]["status"], accepted(actor)) == (True, 200, 1)


def test_a_scripted_answer_has_no_effect(actor: Actor, pv_day: Callable[..., Any]) -> None:
    actor.arm({"kind": "answer", "status": 503, "retry_after": 3, **BATCH})
    response = actor.submit(pv_day())
    assert (response.status_code, response.json()["code"]) == (503, "maintenance")
    assert (response.headers["retry-after"], accepted(actor)) == ("3", 0)
    assert actor.exchanges("submitBatch")[-1]["problem"] == "maintenance"


def test_a_scripted_answer_may_name_its_problem_and_an_http_date(actor: Actor) -> None:
    now = actor.freeze()
    fault = {
        "kind": "answer",
        "status": 429,
        "problem": "rate-limited",
        "retry_after": "http-date",
        "retry_after_seconds": 5,
    }
    actor.arm({**fault, "operation": "listLinks"})
    response = actor.get("/v1/links")
    wait = (parsedate_to_datetime(response.headers["retry-after"]) - now).total_seconds()
    assert response.json()["code"] == "rate-limited"
    assert 5 <= wait < 6


def test_the_token_endpoint_can_be_out_of_order(actor: Actor) -> None:
    actor.arm({"kind": "answer", "status": 500, "operation": "requestToken"})
    response = actor.http.post(f"{actor.issuer}/oauth/token", data={})
    assert (response.status_code, response.json()["code"]) == (500, "internal")


def test_an_expired_token_stays_refused(actor: Actor) -> None:
    actor.arm({"kind": "expire_token", "operation": "listLinks"})
    token = actor.token()
    assert [actor.get("/v1/links", token=token).json()["code"] for _ in range(2)] == ["token-invalid"] * 2
    assert actor.exchanges("listLinks")[-1]["observed"]["token"] == "revoked"
    fresh = actor.ask_token().json()["access_token"]
    assert actor.get("/v1/links", token=fresh).status_code == 200
    assert actor.fired() == [1]


def test_unknown_members_stand_at_every_level_of_answers(actor: Actor, pv_day: Callable[..., Any]) -> None:
    actor.arm({"kind": "unknown_members", **BATCH})
    receipt = actor.submit(pv_day(data_source="ESTIMATED")).json()
    places = [receipt, receipt["totals"], receipt["verdicts"][0], receipt["verdicts"][0]["reasons"][0]]
    assert all("tphunknown" in place for place in places)
    assert "tphunknown" not in actor.submit(pv_day()).json()


def test_a_broken_receipt_does_not_verify(actor: Actor, pv_day: Callable[..., Any]) -> None:
    actor.arm({"kind": "break_receipt", **BATCH})
    record = pv_day()
    with pytest.raises(SignatureRefused):
        actor.submit(record)
    assert accepted(actor) == 1
    assert actor.verdicts(record)[0]["verdict"] == "duplicate"


@pytest.mark.parametrize(
    ("fault", "stored"),
    [
        ({"verdict": "rejected", "code": "record-late"}, "rejected"),
        ({"verdict": "held", "code": "quality-rule"}, "held"),
        ({"verdict": "duplicate"}, "accepted"),
    ],
)
def test_a_forced_verdict_strikes_the_first_record(
    actor: Actor, pv_day: Callable[..., Any], fault: dict[str, Any], stored: str
) -> None:
    actor.arm({"kind": "verdict", **BATCH, **fault})
    first, second = pv_day(), pv_day()
    verdicts = actor.verdicts(first, second)
    assert [each["verdict"] for each in verdicts] == [fault["verdict"], "accepted"]
    assert [each["code"] for each in verdicts[0]["reasons"]] == ([fault["code"]] if "code" in fault else [])
    assert actor.get(f"/v1/records/{first['record_id']}").json()["verdict"] == stored
    assert actor.fired() == [1]


def test_a_fault_skips_and_repeats_as_told(actor: Actor) -> None:
    actor.arm({"kind": "answer", "status": 503, "operation": "listLinks", "skip": 1, "times": 2})
    assert [actor.get("/v1/links").status_code for _ in range(5)] == [200, 503, 503, 200, 200]
    assert actor.fired() == [2]


def test_faults_fire_one_after_another_and_one_per_exchange(actor: Actor) -> None:
    actor.arm(
        {"id": "a", "kind": "answer", "status": 503, "operation": "listLinks"},
        {"id": "b", "kind": "unknown_members", "operation": "listLinks"},
    )
    assert [actor.get("/v1/links").status_code for _ in range(3)] == [503, 200, 200]
    assert [entry["fault"] for entry in actor.exchanges("listLinks")] == ["a", "b", None]


def test_a_fault_on_success_waits_for_a_success(actor: Actor, pv_day: Callable[..., Any]) -> None:
    actor.arm({"kind": "lose_answer", **BATCH})
    assert actor.submit(body=b"{}").status_code == 422
    assert actor.fired() == [0]


def test_a_request_that_is_refused_at_the_gate_strikes_nothing(actor: Actor) -> None:
    actor.arm({"kind": "answer", "status": 503, "operation": "listLinks"})
    assert actor.get("/v1/links", token=None).status_code == 401
    assert actor.fired() == [0]


def test_arming_replaces_what_was_armed(actor: Actor) -> None:
    actor.arm({"kind": "answer", "status": 503, "operation": "listLinks"})
    actor.arm()
    assert actor.get("/v1/links").status_code == 200


def test_every_kind_of_fault_can_be_armed(actor: Actor) -> None:
    details: dict[str, dict[str, Any]] = {
        "delay": {"seconds": 1},
        "answer": {"status": 503},
        "verdict": {"verdict": "held"},
        "break_job": {"after_lines": 1, "operation": "submitUpload"},
        "slow_job": {"seconds": 1, "operation": "submitUpload"},
    }
    for kind in KINDS:
        place = {} if kind.endswith("_delivery") else BATCH
        actor.arm({"kind": kind, **place, **details.get(kind, {})})
        assert actor.fired() == [0]
