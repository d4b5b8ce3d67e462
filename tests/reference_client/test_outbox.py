from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tanpuhui.reference_client.activity import require_activities
from tanpuhui.reference_client.calling.answers import Link
from tanpuhui.reference_client.calling.chance import Chance
from tanpuhui.reference_client.calling.errors import InvalidInput
from tanpuhui.reference_client.keeping.linkbook import link_book
from tanpuhui.reference_client.keeping.outbox import Outbox, Ready, Settled
from tanpuhui.reference_client.keeping.store import Store
from tanpuhui.reference_client.recipes.bike import BikeRecipe
from tanpuhui.reference_client.recipes.pv import PvRecipe
from tanpuhui.reference_client.sending.batching import Batching
from tanpuhui.reference_client.sending.composing import Composing
from tanpuhui.reference_client.sending.withholding import Circumstance, Withholding
from tanpuhui.spec.limits import Limits, default_times

NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)
LINK = Link("lnk_" + "a" * 22, "active", datetime(2026, 1, 1, tzinfo=UTC), None, 0)


def a_gate(now: datetime = NOW) -> Withholding:
    return Withholding(Circumstance(link_book([LINK], ()), default_times(), now))


def composed(outbox: Outbox, *activities: dict[str, Any], now: datetime = NOW) -> Outbox:
    outbox.load(activities)
    composing = Composing(outbox, {"PV": PvRecipe(), "BIKE": BikeRecipe()}, Chance())
    for page in outbox.undone_pages():
        composing.compose(page, a_gate(now))
    return outbox


@pytest.fixture
def outbox() -> Outbox:
    return Outbox(Store())


def test_an_activity_keeps_its_record_id_however_often_it_is_composed(outbox: Outbox, ride: Any) -> None:
    early = composed(outbox, ride(), now=NOW - timedelta(days=2)).entries_of(["ride-1"])["ride-1"][""]
    due = composed(outbox, ride()).entries_of(["ride-1"])["ride-1"][""]
    again = composed(outbox, ride()).entries_of(["ride-1"])["ride-1"][""]
    assert (early.state, due.state, again) == ("withheld", "ready", due)
    assert early.record_id == due.record_id == json.loads(due.body or b"")["record_id"]


def test_different_activities_have_different_ids(outbox: Outbox, ride: Any) -> None:
    composed(outbox, *(ride(str(n)) for n in range(50)))
    assert len({outbox.entries_of([f"ride-{n}"])[f"ride-{n}"][""].record_id for n in range(50)}) == 50


def test_what_is_on_its_way_does_not_change_with_the_business_data(outbox: Outbox, ride: Any) -> None:
    before = composed(outbox, ride(distance_m=2200)).ready(1)
    assert composed(outbox, ride(distance_m=9)).ready(1) == before


def test_a_loaded_activity_is_looked_at_again_only_while_something_may_change(
    outbox: Outbox, ride: Any
) -> None:
    composed(outbox, ride("due"), ride("short", minutes=0.5), ride("open", "2026-03-10T03:59:00Z"))
    assert [activity.activity_id for page in outbox.undone_pages() for activity in page] == ["ride-open"]


def test_a_frozen_batch_comes_back_as_it_was(outbox: Outbox, ride: Any) -> None:
    composed(outbox, ride("1"), ride("2"))
    outbox.freeze(outbox.ready(2), b"the bytes", "the-key")
    batch = outbox.open_batch()
    assert batch is not None
    assert (batch.body, batch.idempotency_key, batch.count, batch.not_before) == (
        b"the bytes",
        "the-key",
        2,
        None,
    )
    assert outbox.ready(2) == []


def test_verdicts_settle_the_records_in_the_order_sent(outbox: Outbox, ride: Any) -> None:
    composed(outbox, ride("1"), ride("2"))
    outbox.freeze(outbox.ready(2), b"", "the-key")
    batch = outbox.open_batch()
    assert batch is not None
    outbox.settle(batch, [Settled("accepted", None, None), Settled("rejected", "quality-rule", "Q-BIKE-001")])
    assert [outbox.entries_of([f"ride-{n}"])[f"ride-{n}"][""].state for n in (1, 2)] == [
        "accepted",
        "rejected",
    ]
    assert outbox.entries_of(["ride-2"])["ride-2"][""].detail == "Q-BIKE-001"
    assert outbox.open_batch() is None


def test_a_verdict_too_many_settles_nothing(outbox: Outbox, ride: Any) -> None:
    composed(outbox, ride("1"))
    outbox.freeze(outbox.ready(1), b"", "the-key")
    batch = outbox.open_batch()
    assert batch is not None
    with pytest.raises(ValueError, match="argument 2 is longer"):
        outbox.settle(batch, [Settled("accepted", None, None)] * 2)
    assert outbox.open_batch() == batch


LIMITS = {"batch_max_records": 3, "body_max_bytes": 100}


@pytest.mark.parametrize(("sizes", "count"), [([10] * 9, 3), ([40, 40, 40], 2), ([500, 10], 1), ([], 0)])
def test_a_batch_takes_the_first_records_that_fit(sizes: list[int], count: int) -> None:
    batching = Batching(Limits.from_mapping(LIMITS), Chance())
    ready = [Ready(n, b"x" * size) for n, size in enumerate(sizes)]
    assert list(batching.chosen(ready)) == ready[:count]


def test_the_bytes_of_a_batch_are_the_records_as_stored() -> None:
    batching = Batching(Limits.from_mapping({}), Chance())
    assert batching.body([b'{"a":1}', b'{"b":2}']) == b'{"records":[{"a":1},{"b":2}]}'
    assert 16 <= len(batching.idempotency_key()) <= 64


def test_what_is_no_activity_is_refused_with_its_place(ride: Any) -> None:
    with pytest.raises(InvalidInput, match="/activities/1/distance_m"):
        require_activities([ride("1"), ride("2", distance_m=-1)])
