"""Lists come in pages that follow one another and cannot be made up (API-007)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mock_platform.conftest import Actor


def pages(actor: Actor, path: str, member: str) -> list[list[dict[str, Any]]]:
    found = []
    following: str | None = path
    while following is not None:
        page = actor.get(following).json()
        found.append(page[member])
        following = page.get("next")
    return found


def link_id(number: int) -> str:
    return f"lnk_{number:022d}"


@pytest.fixture
def many(new_actor: Callable[..., Actor], link: Callable[..., Any]) -> Actor:
    return new_actor(limits={"page_max_items": 2}, links=[link(link_id(number)) for number in range(5)])


def test_links_come_in_pages_of_the_advertised_size(many: Actor) -> None:
    found = pages(many, "/v1/links", "links")
    assert [len(page) for page in found] == [2, 2, 1]
    assert [each["link_id"] for page in found for each in page] == [link_id(number) for number in range(5)]


def test_a_smaller_page_may_be_asked_for_and_a_larger_one_not(many: Actor) -> None:
    assert [len(page) for page in pages(many, "/v1/links?limit=1", "links")] == [1] * 5
    assert [len(page) for page in pages(many, "/v1/links?limit=100", "links")] == [2, 2, 1]


def test_next_is_an_address_of_the_issuer(many: Actor) -> None:
    assert many.get("/v1/links").json()["next"].startswith(f"{many.issuer}/v1/links?cursor=")


def test_a_full_last_page_has_no_next(new_actor: Callable[..., Actor], link: Callable[..., Any]) -> None:
    actor = new_actor(limits={"page_max_items": 2}, links=[link(link_id(number)) for number in range(2)])
    assert "next" not in actor.get("/v1/links").json()


def test_records_of_a_day_come_in_pages(new_actor: Callable[..., Actor], pv_day: Callable[..., Any]) -> None:
    actor = new_actor(limits={"page_max_items": 2})
    day_before = {
        "business_day": "2026-02-28",
        "activity_start": "2026-02-28T00:00:00+08:00",
        "activity_end": "2026-03-01T00:00:00+08:00",
    }
    mixed = [pv_day() if number % 2 else pv_day(**day_before) for number in range(6)]
    actor.submit(*mixed)
    found = pages(actor, "/v1/records?business_day=2026-03-01", "records")
    assert [len(page) for page in found] == [2, 1]
    assert [each["record_id"] for page in found for each in page] == [
        each["record_id"] for each in mixed[1::2]
    ]
    assert len([each for page in pages(actor, "/v1/records", "records") for each in page]) == 6


def test_a_stored_record_is_what_was_sent(actor: Actor, pv_day: Callable[..., Any]) -> None:
    record = pv_day()
    received_at = actor.submit(record).json()["received_at"]
    (stored,) = actor.get("/v1/records").json()["records"]
    assert stored == record | {"verdict": "accepted", "received_at": received_at}


def test_a_cursor_belongs_to_its_list_and_its_tenant(many: Actor, new_actor: Callable[..., Actor]) -> None:
    (cursor,) = parse_qs(urlsplit(many.get("/v1/links").json()["next"]).query)["cursor"]
    altered = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    strangers = [many.get(f"/v1/links?cursor={altered}"), many.get(f"/v1/records?cursor={cursor}")]
    strangers += [new_actor().get(f"/v1/links?cursor={cursor}"), many.get("/v1/links?cursor=%21%21")]
    assert [each.json()["code"] for each in strangers] == ["parameter-invalid"] * 4
