"""Devices that a tenant has in its register from the beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tanpuhui.mock_platform.control.desk import misuse
from tanpuhui.mock_platform.state.devices import add_calibration, add_device
from tanpuhui.spec.business_time import InvalidInstant, parse_instant
from tanpuhui.spec.indicator import schemes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection


def sound_devices(devices: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """The devices, each of them once, of schemes that there are, at instants that there are."""
    if len({device["device_id"] for device in devices}) != len(devices):
        raise misuse("设备号重复 / a device id occurs twice", "/devices")
    if {device["scheme"] for device in devices} - set(schemes()):
        raise misuse(
            "没有这个场景类型，见 /scenario/schemes / no such scheme, see /scenario/schemes", "/devices"
        )
    try:
        for text in _instants(devices):
            parse_instant(text)
    except InvalidInstant as error:
        raise misuse(str(error), "/devices") from None
    return devices


def enter_devices(
    connection: Connection, tenant: str, devices: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """Enter them all, registered now unless they say when."""
    for device in devices:
        at = parse_instant(device["registered_at"]) if "registered_at" in device else now
        add_device(connection, tenant, device, at)
        for entry in device.get("calibrations", ()):
            add_calibration(connection, tenant, device["device_id"], entry)


def _instants(devices: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for device in devices:
        yield device["installed_at"]
        yield device.get("registered_at", device["installed_at"])
        for entry in device.get("calibrations", ()):
            yield entry["valid_from"]
            yield entry["valid_to"]
