"""One verdict per record, for the first reason that the law's order finds (WRT-004)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tanpuhui.spec.business_time import parse_instant

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mock_platform.conftest import Actor


def told(verdict: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(each["code"], each.get("rule") or each.get("pointer")) for each in verdict["reasons"]]


def test_a_sound_record_is_accepted(actor: Actor, pv_day: Callable[..., Any]) -> None:
    record = pv_day()
    (verdict,) = actor.verdicts(record)
    assert verdict == {"index": 0, "record_id": record["record_id"], "verdict": "accepted", "reasons": []}
    state = actor.conduct("GET", "/state")
    assert (state["records"]["accepted"], state["reduction_kg"]) == (1, "9.851520")


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        ({"capacity_kw": 6}, "schema-violation", "/activity/capacity_kw"),
        ({"capacity_kw": "6.0000"}, "schema-violation", "/activity/capacity_kw"),
        ({"extra": 1}, "schema-violation", "/extra"),
        ({"device_state": "X"}, "schema-violation", "/device_state"),
        ({"methodology_version": "2023.1"}, "methodology-not-effective", "/methodology_version"),
        ({"parameter_set": "pv-2024.1-b"}, "methodology-not-effective", "/parameter_set"),
        ({"link_id": "lnk_" + "b" * 22}, "link-not-active", "/link_id"),
        ({"device_id": "13800138000"}, "personal-data", "/device_id"),
        ({"capacity_kw": "1000.001"}, "activity-excluded", None),
        ({"reduction_kg": "9.851521"}, "reduction-mismatch", "/reduction_kg"),
        ({"baseline_kg": "9.851519"}, "reduction-mismatch", "/baseline_kg"),
        ({"scenario_kg": "0.000001"}, "reduction-mismatch", "/scenario_kg"),
    ],
)
def test_a_record_is_rejected_for_its_reason(
    actor: Actor, pv_day: Callable[..., Any], changes: dict[str, Any], code: str, place: str | None
) -> None:
    record = pv_day()
    inner = {name: value for name, value in changes.items() if name in record["activity"]}
    outer = {name: value for name, value in changes.items() if name not in inner}
    (verdict,) = actor.verdicts({**record, "activity": record["activity"] | inner, **outer})
    assert verdict["verdict"] == "rejected"
    assert told(verdict)[0] == (code, place)


def test_a_scheme_that_is_not_approved(new_actor: Callable[..., Actor], pv_day: Callable[..., Any]) -> None:
    actor = new_actor(scenario={"schemes": ["BIKE"]})
    assert told(actor.verdicts(pv_day())[0]) == [("scheme-not-approved", "/scheme")]


def test_a_day_that_has_not_ended_and_one_that_is_too_old(actor: Actor, pv_day: Callable[..., Any]) -> None:
    today = pv_day(
        business_day="2026-03-02",
        activity_start="2026-03-02T00:00:00+08:00",
        activity_end="2026-03-03T00:00:00+08:00",
    )
    old = pv_day(
        business_day="2026-01-30",
        activity_start="2026-01-30T00:00:00+08:00",
        activity_end="2026-01-31T00:00:00+08:00",
    )
    future, late = actor.verdicts(today, old)
    assert told(future) == [("record-future", "Q-ENV-003")]
    assert told(late) == [("record-late", "Q-ENV-004")]


def test_the_late_window_is_the_advertised_one(
    new_actor: Callable[..., Actor], pv_day: Callable[..., Any]
) -> None:
    actor = new_actor(times={"late_window_days": 0.25})
    actor.conduct("POST", "/clock", set="2026-03-02T06:00:00+08:00", freeze=True)
    assert actor.verdicts(pv_day())[0]["verdict"] == "accepted"
    actor.advance(0.000001)
    assert told(actor.verdicts(pv_day())[0]) == [("record-late", "Q-ENV-004")]


def test_quality_rules_reject_hold_and_flag(actor: Actor, pv_day: Callable[..., Any]) -> None:
    rejected, held, flagged = actor.verdicts(
        pv_day(business_day="2026-02-28"), pv_day(generation_kwh="48.001"), pv_day(data_source="ESTIMATED")
    )
    assert (rejected["verdict"], told(rejected)) == ("rejected", [("quality-rule", "Q-ENV-002")])
    assert (held["verdict"], told(held)) == ("held", [("quality-rule", "Q-PV-001")])
    assert (flagged["verdict"], told(flagged)) == ("accepted", [("quality-rule", "Q-ENV-007")])


def test_a_device_out_of_order_claims_nothing(actor: Actor, pv_day: Callable[..., Any]) -> None:
    sound = pv_day(device_state="D", valid_intervals=40)
    assert sound["reduction_kg"] == "0.000000"
    assert actor.verdicts(sound)[0]["verdict"] == "accepted"
    greedy = {**pv_day(), "device_state": "D"}
    assert told(actor.verdicts(greedy)[0])[0] == ("reduction-mismatch", "/baseline_kg")


def test_a_link_counts_at_the_activitys_start(
    new_actor: Callable[..., Actor], link: Callable[..., Any], pv_day: Callable[..., Any]
) -> None:
    start, before = "2026-03-01T00:00:00+08:00", "2026-02-28T23:59:59+08:00"
    cases = {
        "accepted": [
            {"valid_from": start},
            {"valid_to": "2026-03-01T00:00:01+08:00"},
            {"status": "revoked", "valid_to": "2026-03-01T12:00:00+08:00"},
        ],
        "rejected": [
            {"valid_from": "2026-03-01T00:00:01+08:00"},
            {"valid_to": start},
            {"status": "suspended"},
            {"status": "revoked", "valid_to": before},
        ],
    }
    for verdict, links in cases.items():
        for changes in links:
            actor = new_actor(links=[link(**changes)])
            assert (changes, actor.verdicts(pv_day())[0]["verdict"]) == (changes, verdict)


def test_every_record_has_its_verdict_in_the_order_sent(actor: Actor, pv_day: Callable[..., Any]) -> None:
    sound, held = pv_day(), pv_day(generation_kwh="48.001")
    mixed = [
        7,
        sound,
        pv_day(reduction_kg="1"),
        held,
        sound,
        {"record_id": "no id!"},
        {"record_id": "0123456789abcdef"},
    ]
    receipt = actor.submit(*mixed).json()
    words = [(each["index"], each["verdict"]) for each in receipt["verdicts"]]
    assert words == list(
        enumerate(["rejected", "accepted", "rejected", "held", "duplicate", "rejected", "rejected"])
    )
    assert receipt["totals"] == {"submitted": 7, "accepted": 1, "duplicate": 1, "held": 1, "rejected": 4}
    assert [each["record_id"] for each in receipt["verdicts"]][5:] == [None, "0123456789abcdef"]
    assert parse_instant(receipt["received_at"]).utcoffset() is not None
