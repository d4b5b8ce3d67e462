"""Records told in another way than they were composed: past the scenario's own gate, before their bytes are fixed."""

from __future__ import annotations

import json
from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.sending.batching import Batching
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.accounting import account, accounts_text
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from collections.abc import Mapping

Record = dict[str, Any]


class Rewriting(Witnessed, Batching):
    """Tells records in its own way; `told` is one of them."""

    def as_sent(self, record: bytes) -> bytes:
        """What is told."""
        return dump_json(self._bent(json.loads(record)))

    @abstractmethod
    def told(self, record: Record) -> Record:
        """The record as this scenario tells it."""

    def _bent(self, record: Record) -> Record:
        told = self.told(record)
        if told != record:
            self.fired()
        return told


def with_activity(record: Mapping[str, Any], **members: Any) -> Record:
    """The record with other quantities, accounted by them."""
    changed = {**record, "activity": {**record["activity"], **members}}
    return changed | accounts_text(account(changed))
