"""Cuts a list into pages of at most the advertised size and says where the next one is (API-007)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tanpuhui.mock_platform.interface.answer import Answer, json_answer
from tanpuhui.mock_platform.interface.cursor import read_cursor, write_cursor
from tanpuhui.mock_platform.interface.operations import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tanpuhui.mock_platform.interface.call import Call

Item = tuple[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The page that a call asks for: what follows a position of a listing, so many items of it."""

    listing: str
    after: int
    size: int
    query: Mapping[str, str]


def page_size(call: Call, most: int | None = None) -> int:
    """How many items a page has: what is asked for, at most what is advertised."""
    return min(int(call.parameters["limit"]), most or call.tenant.limits.page_max_items)


def wanted_page(
    call: Call, member: str, filters: Mapping[str, str] | None = None, *, most: int | None = None
) -> Wanted:
    """The page that the call's cursor and limit stand for; a cursor of another listing is refused."""
    query = dict(filters or {})
    listing = urlencode({"list": member, **call.exchange.route.path_parameters, **query})
    cursor = call.parameters["cursor"]
    after = -1 if cursor is ABSENT else read_cursor(call.tenant.cursor_secret, listing, cursor)
    return Wanted(listing, after, page_size(call, most), query)


def next_page(call: Call, page: Wanted, positions: Sequence[int]) -> dict[str, str]:
    """The member `next`, where one more item was found than the page holds."""
    if len(positions) <= page.size:
        return {}
    following = write_cursor(call.tenant.cursor_secret, page.listing, positions[page.size - 1])
    query = urlencode({**page.query, "cursor": following, "limit": page.size})
    return {"next": f"{call.exchange.request.url.partition('?')[0]}?{query}"}


def answer_page(
    call: Call,
    member: str,
    fetch: Callable[[int, int], Sequence[Item]],
    filters: Mapping[str, str] | None = None,
) -> Answer:
    """One page of a listing; `fetch` gives the items after a position, with their positions."""
    page = wanted_page(call, member, filters)
    items = fetch(page.after, page.size + 1)
    shown = [item for _, item in items[: page.size]]
    return json_answer({member: shown, **next_page(call, page, [position for position, _ in items])})
