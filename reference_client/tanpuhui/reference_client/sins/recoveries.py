"""设备恢复之后的缺陷 / Sins against clause 14: faults that are over and are not let go."""

from __future__ import annotations

import json
from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.recipes.recipe import NORMAL
from tanpuhui.reference_client.sending.reporting import Reporting
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.accounting import account, accounts_text
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from tanpuhui.reference_client.keeping.entry import Ready
    from tanpuhui.reference_client.sending.batching import Batching

NOTHING = {"baseline_kg": "0.000000", "scenario_kg": "0.000000", "reduction_kg": "0.000000"}


class BearingAGrudge(Witnessed, Reporting):
    """Tells records of a device that was ever faulty in its own way; `grudging` is one of them."""

    def told(self, batching: Batching, item: Ready) -> bytes:
        """What is told of a record."""
        words = super().told(batching, item)
        record = json.loads(words)
        fault = self.fault(record["device_id"])
        if fault is None or record["device_state"] != NORMAL:
            return words
        self.fired()
        grudging = dump_json(self.grudging(record, fault))
        self.desk.outbox.keep_told(item, grudging)
        return grudging

    def fault(self, device_id: str) -> str | None:
        """The first fault that the ledger has of a device."""
        states = (
            state["state"]
            for device in self.desk.ledger.devices()
            if device["device_id"] == device_id
            for state in device["states"]
        )
        return next((state for state in states if state != NORMAL), None)

    @abstractmethod
    def grudging(self, record: dict[str, Any], fault: str) -> dict[str, Any]:
        """The record as this scenario tells it."""


@breaks("DEV-001", "names-device-and-state", scene="device_faults")
class NeverTakesAFlagBack(BearingAGrudge):
    """设备恢复后仍标故障 / Goes on flagging the records of a device that has recovered."""

    def grudging(self, record: dict[str, Any], fault: str) -> dict[str, Any]:
        flagged = record | {"device_state": fault}
        return flagged | accounts_text(account(flagged))


@breaks("ACC-002", "computes-exactly-and-rounds-down-last", scene="device_faults")
class ClaimsNothingEverAfter(BearingAGrudge):
    """设备恢复后标 N 而减排量仍写零 / Calls a recovered device normal and still claims nothing from it."""

    def grudging(self, record: dict[str, Any], fault: str) -> dict[str, Any]:  # noqa: ARG002
        return record | NOTHING
