"""What the platform answers about devices (DEV-003, DEV-004, DEV-006)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  # types are read at run time


@dataclass(frozen=True, slots=True)
class Calibration:
    """One certificate, valid from its beginning and before its end."""

    certificate_no: str
    issuer: str
    standard: str
    valid_from: datetime
    valid_to: datetime


@dataclass(frozen=True, slots=True)
class Device:
    """A device as the platform knows it."""

    device_id: str
    kind: str
    scheme: str
    model: str
    installed_at: datetime
    registered_at: datetime
    state: str
    calibrations: tuple[Calibration, ...]
    replaces: str | None = None
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True)
class DevicePage:
    """Some devices and the address of the next ones."""

    devices: tuple[Device, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class DeviceStateReport:
    """A device's state as it was reported."""

    device_id: str
    state: str
    since: datetime
    reported_at: datetime
