"""少见的设备登记方式 / Unusual ways of registering devices."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.calling.devices import Calibration
from tanpuhui.reference_client.keeping.devicebook import DeviceBook
from tanpuhui.reference_client.sending.registering import NORMAL, Registering
from tanpuhui.reference_client.sending.reporting import Reporting
from tanpuhui.reference_client.unusual.unusual import keeps_the_law_in
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.business_time import parse_instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.reference_client.keeping.outbox import OpenBatch

SPARE: Mapping[str, Any] = {
    "device_id": "lock-spare-01",
    "scheme": "BIKE",
    "kind": "lock",
    "model": "备用锁",
    "installed_at": "2024-05-01T00:00:00+08:00",
    "replaces": None,
    "calibrations": [],
    "states": [],
}


class _Promising(Registering):
    """Answers what the platform will know once everything is told; tells at once of faults alone."""

    def run(self) -> DeviceBook | None:
        """From the ledger."""
        ledger = self.in_order(self.desk.ledger.devices())
        for device in ledger:
            if any(state["state"] != NORMAL for state in device["states"]):
                self.bring(device)
                self.report_states(device)
        return DeviceBook({device["device_id"]: _certificates(device) for device in ledger})

    def bring(self, device: Mapping[str, Any]) -> None:
        """One device with all its certificates."""
        self.register(device)
        self.calibrate(device, ())


def _certificates(device: Mapping[str, Any]) -> tuple[Calibration, ...]:
    return tuple(
        Calibration(
            certificate_no=one["certificate_no"],
            issuer=one["issuer"],
            standard=one["standard"],
            valid_from=parse_instant(one["valid_from"]),
            valid_to=parse_instant(one["valid_to"]),
        )
        for one in device["calibrations"]
    )


@keeps_the_law_in(
    "first_report", "truth", "two_months", "small_batches", "lost_answer", "device_faults", "device_renewals"
)
class RegistersBeforeEachBatch(Witnessed, Reporting):
    """每批之前才逐台登记其中的设备 / Registers devices one by one, just before the batch that needs them."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.registering = self._promising = _Promising(self.desk, self.client, self.around)

    def deliver(self, batch: OpenBatch) -> None:
        self.fired()
        named = None if batch.upload else {one["device_id"] for one in json.loads(batch.body)["records"]}
        for device in self._promising.in_order(self.desk.ledger.devices()):
            if named is None or device["device_id"] in named:
                self._promising.bring(device)
        super().deliver(batch)


@keeps_the_law_in("first_report", "truth", "two_months", "device_faults")
class TellsMoreOfDevicesThanItMust(Witnessed, Registering):
    """多登记一台设备，故障报告两次，恢复和正常也报告 / Registers a device more, tells faults twice, and of devices in order too."""

    def run(self) -> DeviceBook | None:
        self.fired()
        self.register(SPARE)
        return super().run()

    def report_states(self, device: Mapping[str, Any]) -> None:
        super().report_states(device)
        for entry in device["states"]:
            if parse_instant(entry["since"]) <= self.around.clock.now():
                self._tell(device, entry["state"], entry["since"])
        if not device["states"]:
            self._tell(device, NORMAL, device["installed_at"])

    def _tell(self, device: Mapping[str, Any], state: str, since: str) -> None:
        told = {"state": state, "since": self.instant(since)}
        self.client.report_device_state(device["device_id"], told, idempotency_key=self.around.chance.token())
