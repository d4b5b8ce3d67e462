"""Brings the platform's list of devices up to the ledger before anything is composed (DEV-003 … DEV-006)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from tanpuhui.reference_client.calling.errors import Refused
from tanpuhui.reference_client.keeping.devicebook import DeviceBook
from tanpuhui.reference_client.keeping.ledger import DONE
from tanpuhui.spec.business_time import instant_text, parse_instant
from tanpuhui.spec.element import schemes
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tanpuhui.reference_client.calling.devices import Calibration
    from tanpuhui.reference_client.calling.surroundings import Surroundings
    from tanpuhui.reference_client.client import ScenarioClient
    from tanpuhui.reference_client.keeping.desk import Desk

T = TypeVar("T")
Entry = dict[str, Any]
NORMAL = "N"
_OF_CONTENT = frozenset({400, 404, 409, 413, 415, 422})
"""Refusals of one entry of the ledger; the others may fare better."""


class Registering:
    """What the platform is told of devices; each method is one decision."""

    def __init__(self, desk: Desk, client: ScenarioClient, around: Surroundings) -> None:
        self.desk, self.client, self.around = desk, client, around

    def run(self) -> DeviceBook | None:
        """Registers what is missing; answers what the platform knows then."""
        if not self.is_needed():
            return None
        known = {device.device_id: device.calibrations for device in self.client.devices()}
        for device in self.in_order(self.desk.ledger.devices()):
            device_id = device["device_id"]
            if device_id not in known and self.register(device):
                known[device_id] = ()
            if device_id in known:
                known[device_id] += self.calibrate(device, known[device_id])
                self.report_states(device)
        return DeviceBook(known)

    def is_needed(self) -> bool:
        """Whether there is a device to tell of, or an activity whose scheme demands a registered one."""
        demanding = (code for code, scheme in schemes().items() if scheme.device.registered)
        return bool(self.desk.ledger.devices()) or any(map(self.desk.outbox.has_undone, demanding))

    def in_order(self, devices: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
        """A device that replaces another comes after it (DEV-005)."""
        waiting = {device["device_id"]: device for device in devices}
        ordered: list[Mapping[str, Any]] = []
        while waiting:
            free = [device for device in waiting.values() if device["replaces"] not in waiting]
            ordered += [waiting.pop(device["device_id"]) for device in free or list(waiting.values())]
        return ordered

    def register(self, device: Mapping[str, Any]) -> bool:
        """Registers one device; False where it was refused for good."""
        done = self._written("register", self.registration(device), self.client.register_device)
        return done is not None

    def registration(self, device: Mapping[str, Any]) -> Entry:
        """What the platform is told of a device."""
        names = ("device_id", "kind", "scheme", "model")
        told = {name: device[name] for name in names}
        told["installed_at"] = self.instant(device["installed_at"])
        return told | ({"replaces": device["replaces"]} if device["replaces"] is not None else {})

    def calibrate(self, device: Mapping[str, Any], known: Sequence[Calibration]) -> tuple[Calibration, ...]:
        """Adds the certificates that the platform does not have; answers those that it has taken."""
        device_id = device["device_id"]
        there = {one.certificate_no for one in known}
        send = partial(self.client.add_calibration, device_id)
        added = [
            self._written(f"calibrate {device_id}", self.certificate(entry), send)
            for entry in device["calibrations"]
            if entry["certificate_no"] not in there
        ]
        return tuple(one for one in added if one is not None)

    def certificate(self, calibration: Mapping[str, Any]) -> Entry:
        """What the platform is told of a certificate."""
        names = ("certificate_no", "issuer", "standard")
        span = {name: self.instant(calibration[name]) for name in ("valid_from", "valid_to")}
        return {name: calibration[name] for name in names} | span

    def report_states(self, device: Mapping[str, Any]) -> None:
        """Tells of every fault that was not told yet, once (DEV-006)."""
        device_id = device["device_id"]
        send = partial(self.client.report_device_state, device_id)
        for entry in device["states"]:
            if self.is_due(entry):
                content = {"state": entry["state"], "since": self.instant(entry["since"])}
                self._written(f"state {device_id}", content, send, once=True)

    def is_due(self, state: Mapping[str, Any]) -> bool:
        """Whether a state is to be reported: it is a fault and has begun."""
        return state["state"] != NORMAL and parse_instant(state["since"]) <= self.around.clock.now()

    def instant(self, text: str) -> str:
        """The same instant, with its offset (IND-003)."""
        return instant_text(parse_instant(text))

    def _written(self, name: str, content: Entry, send: Callable[..., T], *, once: bool = False) -> T | None:
        """The answer to a write; None where it was refused for good, or once done is not to be done again."""
        ledger = self.desk.ledger
        write = ledger.write(name, dump_json(content), self.around.chance.token())
        if write.refused or (once and write.outcome == DONE):
            return None
        try:
            answer = send(content, idempotency_key=write.idempotency_key)
        except Refused as refused:
            if refused.problem.status not in _OF_CONTENT:
                raise
            ledger.settle(write, refused.problem.code or str(refused.problem.status))
            return None
        ledger.settle(write, DONE)
        return answer
