"""A ledger of devices in a file, of the form that the testbed takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.calling.devices import Calibration
from tanpuhui.reference_client.calling.errors import InvalidInput, Text
from tanpuhui.reference_client.keeping.devicebook import DeviceBook
from tanpuhui.reference_client.shape import faults
from tanpuhui.spec.business_time import parse_instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def read_devices(path: Path) -> list[Mapping[str, Any]]:
    """The devices of a file; it has to be as `testbed.yaml` says."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        raise _unreadable(path, "") from None
    fault = next(iter(faults("testbed", "Devices", found)), None)
    if fault is not None:
        raise _unreadable(path, fault.pointer)
    devices: list[Mapping[str, Any]] = found["devices"]
    return devices


def device_book(devices: Iterable[Mapping[str, Any]]) -> DeviceBook:
    """The devices as they will be once they are registered."""
    return DeviceBook({device["device_id"]: _certificates(device) for device in devices})


def _certificates(device: Mapping[str, Any]) -> tuple[Calibration, ...]:
    return tuple(
        Calibration(
            one["certificate_no"],
            one["issuer"],
            one["standard"],
            parse_instant(one["valid_from"]),
            parse_instant(one["valid_to"]),
        )
        for one in device["calibrations"]
    )


def _unreadable(path: Path, place: str) -> InvalidInput:
    return InvalidInput(
        Text(
            f"设备台账 {path.name} 无法读取{place}",
            f"the ledger of devices {path.name} cannot be read {place}",
        ),
        Text("写成 testbed.yaml 的 Devices", "write it as Devices in testbed.yaml"),
        "DEV-003",
    )
