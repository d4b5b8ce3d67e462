"""Invented devices as a business system keeps them in its ledger, and when their data count (DEV-003, DEV-004)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.chance import token
from tanpuhui.spec.element import schemes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from tanpuhui.spec.element import DeviceDuty

_LONG_AGO, _LONG_AFTER = timedelta(days=400), timedelta(days=300)
_STANDARD = "JJG 596-2012"


@dataclass(frozen=True, slots=True)
class Calibration:
    """One certificate; its validity includes its begin and excludes its end."""

    certificate_no: str
    valid_from: datetime
    valid_to: datetime

    def listed(self) -> dict[str, Any]:
        """As the business system holds it."""
        return {
            "certificate_no": self.certificate_no,
            "issuer": "上海市计量测试技术研究院（示例） / example laboratory",
            "standard": _STANDARD,
            "valid_from": utc_text(self.valid_from),
            "valid_to": utc_text(self.valid_to),
        }


@dataclass(frozen=True, slots=True)
class InventedDevice:
    """A device in the ledger, or, not known, one that the ledger does not have."""

    device_id: str
    scheme: str
    installed_at: datetime
    calibrations: tuple[Calibration, ...] = ()
    replaces: str | None = None
    states: tuple[tuple[str, datetime], ...] = ()
    known: bool = True

    def counts_at(self, start: datetime) -> bool:
        """Data of an activity that starts then may be reported."""
        duty = duty_of(self.scheme)
        if not duty.registered:
            return True
        valid = any(one.valid_from <= start < one.valid_to for one in self.calibrations)
        return self.known and (valid or not duty.calibrated)

    def listed(self) -> dict[str, Any]:
        """As the business system holds it."""
        return {
            "device_id": self.device_id,
            "scheme": self.scheme,
            "kind": duty_of(self.scheme).kind,
            "model": "示例 TPH-1000",
            "installed_at": utc_text(self.installed_at),
            "replaces": self.replaces,
            "calibrations": [one.listed() for one in self.calibrations],
            "states": [{"state": state, "since": utc_text(since)} for state, since in self.states],
        }


def duty_of(scheme: str) -> DeviceDuty:
    """What the law demands of the scheme's devices."""
    return schemes()[scheme].device


def invent_device(rng: Random, scheme: str, now: datetime, *, device_id: str | None = None) -> InventedDevice:
    """A device without blemish, calibrated for longer than anything is old where its scheme demands it."""
    certificates = (invent_calibration(rng, now - _LONG_AGO, now + _LONG_AFTER),)
    return InventedDevice(
        device_id or f"dev-{scheme.lower()}-{token(rng, 8)}",
        scheme,
        now - _LONG_AGO,
        certificates if duty_of(scheme).calibrated else (),
    )


def invent_calibration(rng: Random, valid_from: datetime, valid_to: datetime) -> Calibration:
    """A certificate with a number of its own."""
    return Calibration(f"CERT-{token(rng, 10)}", valid_from, valid_to)


def in_ledger(devices: Iterable[InventedDevice]) -> tuple[dict[str, Any], ...]:
    """Those that the ledger has and that the law wants registered, each once."""
    wanted = (device for device in devices if device.known and duty_of(device.scheme).registered)
    return tuple({device.device_id: device.listed() for device in wanted}.values())


def utc_text(instant: datetime) -> str:
    """An instant as the business system writes it."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
