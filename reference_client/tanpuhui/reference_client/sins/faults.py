"""设备故障报告的缺陷 / Sins against clause 14: faults that are told late, wrongly or not at all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.sending.registering import NORMAL, Registering
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.business_time import instant_text, parse_instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.reference_client.keeping.devicebook import DeviceBook

IN_TIME = "reports-faults-in-time"
HOUR = timedelta(hours=1)
TOO_LONG = 30 * HOUR


class Ailing(Witnessed, Registering):
    """Tells of faults in its own way; `ails` is one state of the ledger as it takes it, or None."""

    def report_states(self, device: Mapping[str, Any]) -> None:
        """What it tells of a device's states."""
        told = [self.ailing(state) for state in device["states"]]
        if told != list(device["states"]):
            self.fired()
        super().report_states({**device, "states": [state for state in told if state is not None]})

    def ailing(self, state: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The state as this scenario tells it; None where it keeps it to itself."""
        raise NotImplementedError


@breaks("DEV-006", IN_TIME)
class KeepsFaultsToItself(Ailing):
    """不报告设备故障 / Tells nobody of its devices' faults."""

    def ailing(self, state: Mapping[str, Any]) -> Mapping[str, Any] | None:  # noqa: ARG002
        return None


@breaks("DEV-006", IN_TIME)
class ReportsFaultsLate(Ailing):
    """三十小时以上的故障才报告 / Tells of a fault only when it has lasted for thirty hours."""

    def ailing(self, state: Mapping[str, Any]) -> Mapping[str, Any] | None:
        lasted = self.around.clock.now() - parse_instant(state["since"])
        return state if lasted >= TOO_LONG else None


@breaks("DEV-006", IN_TIME)
class CallsFaultsMaintenance(Ailing):
    """故障一律报为维护 / Tells every fault as maintenance."""

    def ailing(self, state: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return {**state, "state": "M"}


@breaks("DEV-006", IN_TIME)
class LetsFaultsBeginToday(Ailing):
    """以报告时刻作为故障起始时刻 / Says that a fault began when it was told."""

    def ailing(self, state: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return {**state, "since": instant_text(self.around.clock.now())}


@breaks("DEV-006", IN_TIME)
class TellsOneFaultAReport(Ailing):
    """每次报送只报告一台设备的故障 / Tells of one faulty device a report."""

    def run(self) -> DeviceBook | None:
        self.told = False
        return super().run()

    def ailing(self, state: Mapping[str, Any]) -> Mapping[str, Any] | None:
        first, self.told = not self.told, True
        return state if first else None


@breaks("DEV-006", IN_TIME)
class TellsOneFaultADevice(Ailing):
    """每台设备只报告首次故障，恢复后再次异常不报 / Tells of a device's first fault and of none that comes after it recovered."""

    def report_states(self, device: Mapping[str, Any]) -> None:
        self.first = next((state for state in device["states"] if state["state"] != NORMAL), None)
        super().report_states(device)

    def ailing(self, state: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return state if state == self.first or state["state"] == NORMAL else None


@breaks("DEV-006", IN_TIME)
class CallsFaultyDevicesNormal(Ailing):
    """故障报为正常 / Tells of a faulty device that it is in order."""

    def ailing(self, state: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return {**state, "state": "N"}

    def is_due(self, state: Mapping[str, Any]) -> bool:
        """It tells of them all the same."""
        return parse_instant(state["since"]) <= self.around.clock.now()
