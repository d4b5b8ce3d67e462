"""Two tenants never meet: nothing of one opens, shows or stops anything of the other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mock_platform.conftest import Actor

KEY = '"0123456789abcdef"'


@pytest.fixture
def two(new_actor: Callable[..., Actor]) -> tuple[Actor, Actor]:
    return new_actor(), new_actor()


def test_records_events_and_journals_are_their_own(
    two: tuple[Actor, Actor], pv_day: Callable[..., Any]
) -> None:
    one, other = two
    record = pv_day()
    one.verdicts(record)
    one.conduct("POST", "/events", type="notice.posted.v1", data={})
    assert other.get(f"/v1/records/{record['record_id']}").status_code == 404
    assert other.get("/v1/records").json() == {"records": []}
    assert other.get("/v1/events").json()["events"] == []
    assert {entry.get("operation") for entry in other.journal()} & {"submitBatch"} == set()


def test_a_refusal_does_not_tell_whether_the_other_has_it(
    two: tuple[Actor, Actor], pv_day: Callable[..., Any]
) -> None:
    one, other = two
    record = pv_day()
    one.verdicts(record)
    absent = "0000000000000000"
    answers = [other.get(f"/v1/records/{record_id}").json() for record_id in (record["record_id"], absent)]
    assert answers[0] | {"instance": ""} == answers[1] | {"instance": ""}


def test_a_request_signed_for_one_is_nothing_to_the_other(two: tuple[Actor, Actor]) -> None:
    one, other = two
    moved = other.signed("GET", "/v1/scenario", signer=one.key, token=one.token())
    assert other.send(moved).json()["code"] == "signature-invalid"


def test_a_link_of_the_other_is_no_link(
    new_actor: Callable[..., Actor], link: Callable[..., Any], pv_day: Callable[..., Any]
) -> None:
    theirs = "lnk_" + "t" * 22
    new_actor(links=[link(theirs)])
    (verdict,) = new_actor().verdicts(pv_day(link_id=theirs))
    assert verdict["reasons"][0]["code"] == "link-not-active"


def test_keys_clocks_and_faults_are_their_own(two: tuple[Actor, Actor], pv_day: Callable[..., Any]) -> None:
    one, other = two
    one.arm({"kind": "answer", "status": 503, "operation": "listLinks"})
    one.conduct("POST", "/clock", set="2027-01-01T00:00:00+08:00")
    assert other.get("/v1/links").status_code == 200
    assert other.now().year == 2026
    body = json.dumps({"records": [pv_day()]}).encode()
    one.submit(body=body, key=KEY, token=one.ask_token().json()["access_token"])
    assert "idempotency-replayed" not in other.submit(body=body, key=KEY).headers


def test_a_nonce_of_one_is_fresh_to_the_other(two: tuple[Actor, Actor]) -> None:
    assert [actor.get("/v1/scenario", nonce="the-same-nonce-here").status_code for actor in two] == [200, 200]


def test_a_removed_tenant_leaves_nothing_behind(
    new_actor: Callable[..., Actor], pv_day: Callable[..., Any]
) -> None:
    actor, record = new_actor(tenant="twice"), pv_day()
    actor.verdicts(record)
    actor.conduct("DELETE", "")
    again = new_actor(tenant="twice")
    assert again.verdicts(record)[0]["verdict"] == "accepted"
    assert again.journal()[0]["n"] == 1
