"""Write-back: signed, repeated by the advertised schedule, and the feed holds everything (EVT-001)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx

from tanpuhui.mock_platform.serving import PlatformServer
from tanpuhui.spec.limits import default_times
from tanpuhui.spec.signing import EVENT_TAG, verify_request

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from platform_receiver import Receiver
    from tests.mock_platform.conftest import Actor

LINK = "lnk_" + "a" * 22


def suspend(actor: Actor, **data: Any) -> dict[str, Any]:
    return actor.conduct(
        "POST", "/events", type="link.suspended.v1", data={"link_id": LINK, "status": "suspended", **data}
    )


def delivered(actor: Actor, attempts: int) -> list[dict[str, Any]]:
    """Wait until so many attempts are in the journal; then how deliveries stand."""
    seen = 0

    def enough(entry: dict[str, Any]) -> bool:
        nonlocal seen
        seen += entry.get("direction") == "outbound"
        return seen == attempts

    actor.await_entry(enough)
    return actor.conduct("GET", "/state")["deliveries"]


def test_an_event_is_delivered_signed(called: Actor, receiver: Receiver) -> None:
    event = suspend(called)
    (delivery,) = delivered(called, 1)
    assert (delivery["event"], delivery["attempts"], delivery["acknowledged"]) == (event["id"], 1, True)
    (request,) = receiver.got
    verify_request(
        request, called.keys, now=called.now(), tag=EVENT_TAG, times=default_times(), token_bound=False
    )
    assert request.url == f"{receiver.url}/v1/events"
    assert request.header("content-type") == "application/cloudevents+json"
    assert json.loads(request.body) == event


def test_an_event_is_a_cloud_event(called: Actor) -> None:
    event = suspend(called)
    assert event["type"] == "cn.tanpuhui.link.suspended.v1"
    assert (event["specversion"], event["source"], event["subject"]) == ("1.0", called.issuer, LINK)
    assert (event["sequence"], suspend(called)["sequence"]) == (1, 2)


def test_an_event_without_callback_is_in_the_feed(actor: Actor) -> None:
    event = suspend(actor)
    page = actor.get("/v1/events").json()
    assert page == {"events": [event], "next_after": 1, "more": False}


def test_the_feed_is_read_in_stretches(actor: Actor) -> None:
    sequences = [suspend(actor)["sequence"] for _ in range(5)]
    after, read = 0, []
    while True:
        page = actor.get(f"/v1/events?after={after}&limit=2").json()
        read += [event["sequence"] for event in page["events"]]
        after = page["next_after"]
        if not page["more"]:
            break
    assert read == sequences
    assert actor.get("/v1/events?after=5").json() == {"events": [], "next_after": 5, "more": False}


def test_an_unacknowledged_event_is_delivered_again_by_the_schedule(
    called: Actor, receiver: Receiver
) -> None:
    called.freeze()
    receiver.answers = [500, 302, 404]
    suspend(called)
    assert delivered(called, 1)[0]["acknowledged"] is False
    for attempt, wait in enumerate((5, 300, 1800), start=2):
        called.advance(wait - 0.001)
        assert len(receiver.got) == attempt - 1
        called.advance(0.001)
        (delivery,) = delivered(called, attempt)
    assert (delivery["attempts"], delivery["acknowledged"], delivery["state"]) == (4, True, "done")
    nonces = {request.header("signature-input") for request in receiver.got}
    assert len(nonces) == 4


def test_an_event_is_given_up_after_the_schedule_and_stays_in_the_feed(
    new_actor: Callable[..., Actor], receiver: Receiver
) -> None:
    actor = new_actor(scenario={"callback_url": receiver.url}, times={"event_retry_seconds": [0, 0]})
    receiver.answers = [500] * 3
    event = suspend(actor)
    (delivery,) = delivered(actor, 3)
    assert (delivery["state"], delivery["attempts"]) == ("given-up", 3)
    assert actor.get("/v1/events").json()["events"] == [event]


def test_an_unreachable_callback_is_tried_again(new_actor: Callable[..., Actor], receiver: Receiver) -> None:
    actor = new_actor(scenario={"callback_url": "http://127.0.0.1:9"}, times={"event_retry_seconds": [10]})
    actor.freeze()
    suspend(actor)
    assert delivered(actor, 1)[0]["acknowledged"] is False
    assert actor.exchanges("receiveEvent")[0]["observed"] == {"failure": "connection"}
    actor.conduct("PATCH", "/scenario", callback_url=receiver.url)
    actor.advance(10)
    assert delivered(actor, 2)[0]["acknowledged"] is True


def test_a_muted_event_is_only_in_the_feed(called: Actor, receiver: Receiver) -> None:
    called.arm({"kind": "mute_delivery"})
    suspend(called), suspend(called)
    assert [each["state"] for each in delivered(called, 1)] == ["muted", "done"]
    assert receiver.events() == [2]
    assert called.fired() == [1]


def test_a_duplicated_event_comes_twice(called: Actor, receiver: Receiver) -> None:
    called.arm({"kind": "duplicate_delivery"})
    suspend(called)
    assert delivered(called, 2)[0]["state"] == "done"
    assert receiver.events() == [1, 1]
    assert receiver.got[0].header("signature") != receiver.got[1].header("signature")


def test_a_held_event_comes_after_the_next(called: Actor, receiver: Receiver) -> None:
    called.arm({"kind": "hold_delivery"})
    suspend(called), suspend(called)
    assert [each["acknowledged"] for each in delivered(called, 2)] == [True, True]
    assert receiver.events() == [2, 1]


def test_unknown_members_and_types_can_be_sent(called: Actor, receiver: Receiver) -> None:
    called.arm({"kind": "unknown_members", "operation": "receiveEvent"})
    event = called.conduct("POST", "/events", type="notice.posted.v1", data={"words": "好"})
    delivered(called, 1)
    assert "tphunknown" in json.loads(receiver.got[0].body)["data"]
    assert called.get("/v1/events").json()["events"] == [event]


def test_a_link_event_changes_what_is_accepted(actor: Actor, pv_day: Callable[..., Any]) -> None:
    suspend(actor, effective_at="2026-03-01T00:00:00+08:00")
    (verdict,) = actor.verdicts(pv_day())
    assert verdict["reasons"][0]["code"] == "link-not-active"
    (shown,) = actor.get("/v1/links").json()["links"]
    assert (shown["status"], shown["sequence"]) == ("suspended", 1)
    data = {"link_id": LINK, "status": "active", "effective_at": "2026-03-01T00:00:00+08:00"}
    actor.conduct("POST", "/events", type="link.resumed.v1", data=data)
    assert actor.verdicts(pv_day())[0]["verdict"] == "accepted"


def test_a_link_that_is_revoked_counts_until_then(actor: Actor, pv_day: Callable[..., Any]) -> None:
    data = {"link_id": LINK, "status": "revoked", "effective_at": "2026-03-01T12:00:00+08:00"}
    actor.conduct("POST", "/events", type="link.revoked.v1", data=data)
    assert actor.verdicts(pv_day())[0]["verdict"] == "accepted"
    (shown,) = actor.get("/v1/links").json()["links"]
    assert (shown["status"], shown["valid_to"]) == ("revoked", "2026-03-01T12:00:00+08:00")


def test_a_new_link_comes_with_its_event(actor: Actor, pv_day: Callable[..., Any]) -> None:
    fresh = "lnk_" + "n" * 22
    data = {"link_id": fresh, "status": "active", "effective_at": "2026-02-01T00:00:00+08:00"}
    actor.conduct("POST", "/events", type="link.activated.v1", data=data)
    assert actor.verdicts(pv_day(link_id=fresh))[0]["verdict"] == "accepted"


def test_a_held_record_is_decided_by_an_event(actor: Actor, pv_day: Callable[..., Any]) -> None:
    record = pv_day(generation_kwh="48.001")
    assert actor.verdicts(record)[0]["verdict"] == "held"
    assert actor.conduct("GET", "/state")["reduction_kg"] == "0.000000"
    data = {"record_id": record["record_id"], "verdict": "accepted", "reasons": []}
    event = actor.conduct("POST", "/events", type="record.decided.v1", data=data)
    assert event["subject"] == record["record_id"]
    assert actor.conduct("GET", "/state")["reduction_kg"] == record["reduction_kg"]
    (again,) = actor.verdicts(record)
    assert (again["verdict"], again["original"]) == ("duplicate", "held")


def test_a_known_event_with_other_data_is_refused(actor: Actor) -> None:
    order = {"type": "link.suspended.v1", "data": {"link_id": LINK}}
    response = httpx.post(f"{actor.control.base_url}/tenants/{actor.tenant}/events", json=order)
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/data")
    assert actor.get("/v1/events").json()["events"] == []


def test_a_delivery_outlives_the_platform(
    tmp_path: Path, enter_platform: Callable[[str], Actor], receiver: Receiver
) -> None:
    db = str(tmp_path / "platform.db")
    with PlatformServer(db) as first:
        actor = enter_platform(first.control_url)
        suspend(actor)
        actor.control.close()
    with PlatformServer(db) as second, httpx.Client(base_url=second.control_url) as actor.control:
        actor.conduct("PATCH", "/scenario", callback_url=receiver.url)
        assert delivered(actor, 1)[0]["acknowledged"] is True
    assert receiver.events() == [1]
    actor.http.close()
