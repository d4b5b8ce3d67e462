"""Activity batches: exactly one verdict per record, in the order sent, in one transaction (WRT-004)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from tanpuhui.mock_platform.handlers.sitting import Sitting
from tanpuhui.mock_platform.handlers.verdicts import Bench, weigh
from tanpuhui.mock_platform.interface.answer import Answer, Refused, json_answer
from tanpuhui.mock_platform.state.clock import micros
from tanpuhui.mock_platform.state.records import VERDICTS
from tanpuhui.mock_platform.state.schema import RECEIPTS
from tanpuhui.spec.business_time import instant_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tanpuhui.mock_platform.handlers.verdicts import Opinion
    from tanpuhui.mock_platform.interface.call import Call
    from tanpuhui.mock_platform.state.tenant import Tenant


def weigh_batch(tenant: Tenant, body: Any, now: datetime) -> list[Opinion] | None:
    """What can be said of each record before the transaction; None: there are more than the limit."""
    records = body["records"]
    if len(records) > tenant.limits.batch_max_records:
        return None
    bench = Bench.of(tenant, now)
    return [weigh(record, bench) for record in records]


def submit_batch(call: Call) -> Answer:
    """报送一批活动记录 / Report a batch of activity records."""
    opinions: Sequence[Opinion] | None = call.forethought
    if opinions is None:
        raise Refused("limit-exceeded")
    sitting = Sitting.of(call, opinions)
    verdicts = [{"index": index, **sitting.verdict(opinion)} for index, opinion in enumerate(opinions)]
    sitting.close()
    counted = Counter(verdict["verdict"] for verdict in verdicts)
    totals = {"submitted": len(opinions), **{word: counted[word] for word in VERDICTS}}
    receipt_id = f"rcp_{call.new_id()}"
    row = {"tenant": call.tenant.id, "receipt_id": receipt_id, "received_at": micros(call.now), **totals}
    call.connection.execute(insert(RECEIPTS), row)
    return json_answer(
        {
            "receipt_id": receipt_id,
            "received_at": instant_text(call.now),
            "totals": totals,
            "verdicts": verdicts,
        }
    )
