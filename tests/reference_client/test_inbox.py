from __future__ import annotations

from datetime import datetime
from typing import Any

from tanpuhui.reference_client.calling.answers import Link
from tanpuhui.reference_client.keeping.desk import desk_on
from tanpuhui.reference_client.keeping.inbox import Inbox
from tanpuhui.reference_client.keeping.outbox import Activity, Composed, Entry, Settled
from tanpuhui.reference_client.keeping.store import Store

LINK = Link("lnk-1", "active", datetime.fromisoformat("2026-01-01T00:00:00+08:00"), None, 0)
NOON = "2026-03-05T12:00:00+08:00"
AFTERNOON = datetime.fromisoformat("2026-03-05T15:00:00+08:00")


def an_event(sequence: int, kind: str = "link.suspended.v1", **data: Any) -> dict[str, Any]:
    told = {"link_id": "lnk-1", "status": "suspended", "effective_at": NOON} | data
    event = {"specversion": "1.0", "id": f"evt-{sequence}", "source": "x", "type": f"cn.tanpuhui.{kind}"}
    return event | {"time": NOON, "sequence": sequence, "data": told}


def an_inbox() -> Inbox:
    inbox = Inbox(Store())
    inbox.replace_links([LINK])
    return inbox


def test_a_repeated_event_takes_effect_once() -> None:
    inbox = an_inbox()
    assert [inbox.accept(an_event(1)), inbox.accept(an_event(1))] == [True, False]
    assert len(inbox.store.rows("SELECT * FROM link_changes")) == 1


def test_events_in_another_order_end_in_the_same_state() -> None:
    suspended, resumed = an_event(1), an_event(2, "link.resumed.v1", status="active")
    states = []
    for arrival in ([suspended, resumed], [resumed, suspended]):
        inbox = an_inbox()
        for event in arrival:
            inbox.accept(event)
        states.append(inbox.links().active("lnk-1", AFTERNOON))
    assert states == [True, True]


def test_a_gap_is_seen_until_it_is_filled() -> None:
    inbox = an_inbox()
    inbox.accept(an_event(1))
    assert (inbox.gap(), inbox.position()) == (False, 1)
    inbox.accept(an_event(3))
    assert (inbox.gap(), inbox.position()) == (True, 1)
    inbox.accept(an_event(2))
    assert (inbox.gap(), inbox.position()) == (False, 3)


def test_the_feed_says_where_the_end_is_even_where_nothing_is_left_to_tell() -> None:
    inbox = an_inbox()
    inbox.accept(an_event(7))
    inbox.caught_up(6)
    assert (inbox.gap(), inbox.position()) == (False, 7)
    inbox.caught_up(3)
    assert inbox.position() == 7


def test_an_unknown_type_is_kept_without_effect() -> None:
    inbox = an_inbox()
    assert inbox.accept(an_event(1, "notice.posted.v1"))
    assert inbox.links().active("lnk-1", AFTERNOON)
    assert inbox.position() == 1


def test_a_new_list_of_links_replaces_the_former_and_keeps_what_events_told() -> None:
    inbox = an_inbox()
    inbox.accept(an_event(1))
    inbox.replace_links([LINK])
    assert not inbox.links().active("lnk-1", AFTERNOON)
    inbox.replace_links([])
    assert not inbox.links().active("lnk-1", datetime.fromisoformat("2026-02-01T00:00:00+08:00"))


def a_decision(sequence: int, verdict: str) -> dict[str, Any]:
    return an_event(sequence, "record.decided.v1") | {
        "data": {"record_id": "record-1", "verdict": verdict, "reasons": []}
    }


def a_desk_with_a_batch() -> Any:
    desk = desk_on(Store(), Inbox)
    desk.outbox.load([{"activity_id": "a", "scheme": "BIKE"}])
    news = (Entry("record-1", "", "ready", body=b"{}"),)
    desk.outbox.enter([Composed(Activity(1, "a", {}), news, done=True)])
    desk.outbox.freeze(desk.outbox.ready(1), b"{}", "key")
    return desk


def test_a_held_record_takes_the_verdict_that_was_decided() -> None:
    desk = a_desk_with_a_batch()
    desk.outbox.settle(desk.outbox.open_batch(), [Settled("held", "quality-rule", "Q-1")])
    desk.inbox.accept(a_decision(1, "rejected"))
    assert desk.outbox.counts() == {"rejected": 1}


def test_a_decision_that_overtakes_the_batch_s_own_answer_is_not_lost() -> None:
    desk = a_desk_with_a_batch()
    desk.inbox.accept(a_decision(1, "accepted"))
    assert desk.outbox.counts() == {"batched": 1}
    desk.outbox.settle(desk.outbox.open_batch(), [Settled("held", None, None)])
    assert desk.outbox.counts() == {"accepted": 1}


def test_of_two_decisions_the_greater_sequence_holds() -> None:
    desk = a_desk_with_a_batch()
    desk.outbox.settle(desk.outbox.open_batch(), [Settled("held", None, None)])
    for decision in (a_decision(5, "accepted"), a_decision(4, "rejected")):
        desk.inbox.accept(decision)
    assert desk.outbox.counts() == {"accepted": 1}


def test_a_decision_changes_nothing_but_held_records() -> None:
    desk = a_desk_with_a_batch()
    desk.outbox.settle(desk.outbox.open_batch(), [Settled("rejected", None, None)])
    desk.inbox.accept(a_decision(1, "accepted"))
    assert desk.outbox.counts() == {"rejected": 1}
