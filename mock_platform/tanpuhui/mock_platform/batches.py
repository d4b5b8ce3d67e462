"""Activity batches: exactly one verdict per record, in the order sent, in one transaction (WRT-004)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import insert

from tanpuhui.mock_platform.answer import Answer, Refused, json_answer
from tanpuhui.mock_platform.clock import micros
from tanpuhui.mock_platform.records import VERDICTS
from tanpuhui.mock_platform.schema import RECEIPTS
from tanpuhui.mock_platform.sitting import Sitting
from tanpuhui.spec.business_time import instant_text

if TYPE_CHECKING:
    from tanpuhui.mock_platform.call import Call


def submit_batch(call: Call) -> Answer:
    """报送一批活动记录 / Report a batch of activity records."""
    records = call.body["records"]
    if len(records) > call.tenant.limits.batch_max_records:
        raise Refused("limit-exceeded")
    sitting = Sitting.of(call, records)
    verdicts = [{"index": index, **sitting.verdict(record)} for index, record in enumerate(records)]
    sitting.close()
    counted = Counter(verdict["verdict"] for verdict in verdicts)
    totals = {"submitted": len(records), **{word: counted[word] for word in VERDICTS}}
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
