"""第 9 章 数量的缺陷 / Sins against clause 9: one too many in a batch, or not all of them."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from tanpuhui.reference_client.sending.batching import Batching
from tanpuhui.reference_client.sins.calling import SendingAgain
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tanpuhui.reference_client.keeping.outbox import Ready
    from tanpuhui.spec.message import HttpRequest

DUE = "reports-everything-due"


@breaks("WRT-002", "batch-keeps-the-advertised-size", scene="largest_batch")
class SendsOneTooMany(Witnessed, Batching):
    """每批多发一条 / Sends one record more than a batch may have."""

    def count_max(self) -> int:
        self.fired()
        return super().count_max() + 1


@breaks("WRT-006", DUE, scene="largest_batch")
class WaitsForAFullBatch(Witnessed, Batching):
    """不满一批的不报 / Does not send what does not fill a batch."""

    def chosen(self, ready: Sequence[Ready]) -> Sequence[Ready]:
        if len(ready) >= self.count_max():
            return super().chosen(ready)
        self.fired()
        return []


@breaks("WRT-006", DUE, scene="small_batches")
class SendsTheFirstBatchOnly(Witnessed, Batching):
    """只发第一批 / Sends the first batch of a report and no other."""

    @cached_property
    def made(self) -> list[int]:
        """The sizes of the batches that were made."""
        return []

    def chosen(self, ready: Sequence[Ready]) -> Sequence[Ready]:
        if self.made:
            self.fired()
            return []
        self.made.append(len(ready))
        return super().chosen(ready)


@breaks("CAL-002", "same-key-same-bytes", scene="lost_answer")
class SendsHalfOfItAgain(SendingAgain):
    """重发时只发后一半记录 / Sends but half of the records when a batch was not answered."""

    def otherwise(self, request: HttpRequest) -> HttpRequest:
        records = json.loads(request.body)["records"]
        return replace(request, body=dump_json({"records": records[len(records) // 2 :]}))
