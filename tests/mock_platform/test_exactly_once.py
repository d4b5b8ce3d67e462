"""A record id takes effect once in its scenario, for ever (WRT-003)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mock_platform.conftest import Actor


def test_the_same_content_again_is_a_duplicate(actor: Actor, pv_day: Callable[..., Any]) -> None:
    record = pv_day()
    actor.verdicts(record)
    respelled = {**dict(reversed(record.items()))}
    (again,) = actor.verdicts(respelled)
    assert (again["verdict"], again["original"], again["reasons"]) == ("duplicate", "accepted", [])
    assert actor.conduct("GET", "/state")["reduction_kg"] == "9.851520"


def test_other_content_is_a_conflict(actor: Actor, pv_day: Callable[..., Any]) -> None:
    record = pv_day()
    actor.verdicts(record)
    (other,) = actor.verdicts(pv_day(record_id=record["record_id"], generation_kwh="20.000"))
    assert (other["verdict"], other["reasons"][0]["code"]) == ("rejected", "record-conflict")
    assert actor.get(f"/v1/records/{record['record_id']}").json()["activity"] == record["activity"]


def test_a_rejected_record_may_be_corrected_under_its_id(actor: Actor, pv_day: Callable[..., Any]) -> None:
    wrong = pv_day(reduction_kg="1.000000")
    right = pv_day(record_id=wrong["record_id"])
    assert actor.verdicts(wrong)[0]["verdict"] == "rejected"
    (again,) = actor.verdicts(wrong)
    assert (again["verdict"], again["original"]) == ("duplicate", "rejected")
    assert actor.verdicts(right)[0]["verdict"] == "accepted"
    assert actor.get(f"/v1/records/{right['record_id']}").json()["verdict"] == "accepted"
    assert actor.conduct("GET", "/state")["records"] == {"accepted": 1, "held": 0, "rejected": 0}


def test_a_correction_in_the_same_batch_counts_once(actor: Actor, pv_day: Callable[..., Any]) -> None:
    wrong = pv_day(reduction_kg="1.000000")
    right = pv_day(record_id=wrong["record_id"])
    assert [each["verdict"] for each in actor.verdicts(wrong, right, wrong)] == [
        "rejected",
        "accepted",
        "rejected",
    ]
    assert actor.conduct("GET", "/state")["reduction_kg"] == "9.851520"


def test_one_record_in_many_batches_at_once_takes_effect_once(
    actor: Actor, pv_day: Callable[..., Any]
) -> None:
    record, token = pv_day(), actor.token()
    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(actor.verdicts, record, token=token) for _ in range(16)]
    words = sorted(answer.result()[0]["verdict"] for answer in answers)
    assert words == ["accepted"] + ["duplicate"] * 15
    assert actor.conduct("GET", "/state")["reduction_kg"] == "9.851520"


def test_another_tenant_may_use_the_same_id(
    new_actor: Callable[..., Actor], pv_day: Callable[..., Any]
) -> None:
    record = pv_day()
    assert [new_actor().verdicts(record)[0]["verdict"] for _ in range(2)] == ["accepted", "accepted"]


def test_a_record_rejected_for_its_structure_is_not_kept(actor: Actor, pv_day: Callable[..., Any]) -> None:
    malformed = {**pv_day(), "extra": 1}
    actor.verdicts(malformed)
    assert actor.get(f"/v1/records/{malformed['record_id']}").json()["code"] == "not-found"
