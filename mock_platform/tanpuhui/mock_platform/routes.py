"""Which function performs which operation; a test holds the table and the interface document together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.mock_platform.batches import submit_batch
from tanpuhui.mock_platform.events import list_events
from tanpuhui.mock_platform.listings import get_record, list_links, list_records
from tanpuhui.mock_platform.publications import get_discovery, get_jwks, get_scenario, list_methodologies
from tanpuhui.mock_platform.token_endpoint import request_token

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tanpuhui.mock_platform.answer import Answer
    from tanpuhui.mock_platform.call import Call

HANDLERS: Mapping[str, Callable[[Call], Answer]] = {
    "getDiscovery": get_discovery,
    "getJwks": get_jwks,
    "requestToken": request_token,
    "getScenario": get_scenario,
    "listLinks": list_links,
    "listMethodologies": list_methodologies,
    "submitBatch": submit_batch,
    "listRecords": list_records,
    "getRecord": get_record,
    "listEvents": list_events,
}
