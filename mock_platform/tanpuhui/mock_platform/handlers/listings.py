"""What a scenario may read of its own: links and records, page by page, and one record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.mock_platform.interface.answer import Answer, Refused, json_answer
from tanpuhui.mock_platform.interface.operations import ABSENT
from tanpuhui.mock_platform.interface.paging import answer_page
from tanpuhui.mock_platform.state.links import page_of_links
from tanpuhui.mock_platform.state.records import one_record, page_of_records

if TYPE_CHECKING:
    from tanpuhui.mock_platform.interface.call import Call


def list_links(call: Call) -> Answer:
    """列出本场景的连通 / List the scenario's links."""
    return answer_page(
        call, "links", lambda after, size: page_of_links(call.connection, call.tenant.id, after, size)
    )


def list_records(call: Call) -> Answer:
    """列出本场景的记录 / List the scenario's records."""
    day = None if call.parameters["business_day"] is ABSENT else str(call.parameters["business_day"])
    filters = {} if day is None else {"business_day": day}
    return answer_page(
        call,
        "records",
        lambda after, size: page_of_records(call.connection, call.tenant, day, after, size),
        filters,
    )


def get_record(call: Call) -> Answer:
    """读取一条记录 / Read one record."""
    found = one_record(call.connection, call.tenant, call.parameters["record_id"])
    if found is None:
        raise Refused("not-found")
    return json_answer(found)
