"""Cuts a list into pages of at most the advertised size and says where the next one is (API-007)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tanpuhui.mock_platform.answer import Answer, json_answer
from tanpuhui.mock_platform.cursor import read_cursor, write_cursor
from tanpuhui.mock_platform.operations import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tanpuhui.mock_platform.call import Call

Item = tuple[int, dict[str, Any]]


def page_size(call: Call) -> int:
    """How many items a page has: what is asked for, at most what is advertised."""
    return min(int(call.parameters["limit"]), call.tenant.limits.page_max_items)


def answer_page(
    call: Call,
    member: str,
    fetch: Callable[[int, int], Sequence[Item]],
    filters: Mapping[str, str] | None = None,
) -> Answer:
    """One page of a listing; `fetch` gives the items after a position, with their positions."""
    chosen = dict(filters or {})
    listing = urlencode({"list": member, **chosen})
    cursor, size = call.parameters["cursor"], page_size(call)
    after = -1 if cursor is ABSENT else read_cursor(call.tenant.cursor_secret, listing, cursor)
    items = fetch(after, size + 1)
    body: dict[str, Any] = {member: [item for _, item in items[:size]]}
    if len(items) > size:
        following = write_cursor(call.tenant.cursor_secret, listing, items[size - 1][0])
        query = urlencode({**chosen, "cursor": following, "limit": size})
        body["next"] = f"{call.tenant.issuer}{call.exchange.operation.path}?{query}"
    return json_answer(body)
