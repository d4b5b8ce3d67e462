from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tanpuhui.reference_client.calling.answers import Link
from tanpuhui.reference_client.keeping.linkbook import LinkChange, link_book


def day(number: int) -> datetime:
    return datetime(2026, 3, number, tzinfo=UTC)


def listed(status: str = "active", ends: datetime | None = None, sequence: int = 0) -> Link:
    return Link("lnk-1", status, day(1), ends, sequence)


def change(sequence: int, status: str, effective: int) -> LinkChange:
    return LinkChange("lnk-1", sequence, status, day(effective))


def active_days(link: Link, *changes: LinkChange) -> list[int]:
    book = link_book([link], changes)
    return [number for number in range(1, 10) if book.active("lnk-1", day(number))]


def test_an_active_link_is_active_from_its_beginning_until_before_its_end() -> None:
    assert active_days(Link("lnk-1", "active", day(3), day(6), 0)) == [3, 4, 5]


def test_a_link_that_is_not_listed_is_not_active() -> None:
    assert not link_book([listed()], []).active("lnk-2", day(5))


def test_a_link_that_is_listed_as_suspended_was_never_known_to_be_active() -> None:
    assert active_days(listed("suspended")) == []


def test_a_link_that_is_listed_as_revoked_with_its_end_was_active_until_then() -> None:
    assert active_days(listed("revoked", ends=day(4))) == [1, 2, 3]
    assert active_days(listed("revoked")) == []


def test_a_suspension_holds_from_the_time_it_takes_effect() -> None:
    assert active_days(listed(), change(1, "suspended", 5)) == [1, 2, 3, 4]


def test_a_list_that_reflects_a_change_does_not_hide_when_it_took_effect() -> None:
    assert active_days(listed("suspended", sequence=1), change(1, "suspended", 5)) == [1, 2, 3, 4]


def test_a_resumed_link_has_a_gap() -> None:
    changes = (change(1, "suspended", 3), change(2, "active", 6))
    assert active_days(listed(sequence=2), *changes) == [1, 2, 6, 7, 8, 9]


@pytest.mark.parametrize("arrival", [(0, 1), (1, 0)])
def test_the_greater_sequence_wins_however_events_arrive(arrival: tuple[int, int]) -> None:
    changes = (change(7, "suspended", 4), change(8, "active", 4))
    assert active_days(listed(), *(changes[n] for n in arrival)) == list(range(1, 10))


def test_a_list_that_is_newer_than_what_was_told_goes_before_it() -> None:
    assert active_days(listed("suspended", sequence=9), change(8, "active", 2)) == []
