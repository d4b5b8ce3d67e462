"""What the platform was told of devices in one scene, and from which exchange on it knew it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tanpuhui.conformance.recording.exchange import Exchange

REGISTER, CERTIFY, REPORT_STATE = "registerDevice", "addCalibration", "reportDeviceState"
LIST, GET = "listDevices", "getDevice"
_OF_ONE = frozenset({CERTIFY, REPORT_STATE, GET})


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that the platform was told of a device, or confirmed to know, in an exchange that went well."""

    device_id: str
    content: Mapping[str, Any]
    exchange: Exchange


def registrations_in(calls: Iterable[Exchange]) -> tuple[Told, ...]:
    """Devices that the platform took into its register, or answered to have there already."""
    return tuple(told for call in calls if call.answered_ok for told in _registrations(call))


def certificates_in(calls: Iterable[Exchange]) -> tuple[Told, ...]:
    """Certificates that the platform took in, or answered to have already."""
    return tuple(told for call in calls if call.answered_ok for told in _certificates(call))


def states_in(calls: Iterable[Exchange]) -> tuple[Told, ...]:
    """States that were reported."""
    return tuple(
        Told(device_of(call), _object(call.content.value), call)
        for call in calls
        if call.answered_ok and call.operation == REPORT_STATE
    )


def device_of(call: Exchange) -> str:
    """The device that an address under /devices/ names; empty where it names none."""
    _, _, rest = urlsplit(call.request.url).path.partition("/devices/")
    return unquote(rest.partition("/")[0]) if call.operation in _OF_ONE else ""


def _registrations(call: Exchange) -> Iterator[Told]:
    if call.operation == REGISTER:
        content = _object(call.content.value)
        yield Told(str(content.get("device_id", "")), content, call)
    for device in _answered(call):
        yield Told(str(device.get("device_id", "")), device, call)


def _certificates(call: Exchange) -> Iterator[Told]:
    if call.operation == CERTIFY:
        yield Told(device_of(call), _object(call.content.value), call)
    for device in _answered(call):
        listed = device.get("calibrations")
        for one in listed if isinstance(listed, list) else ():
            yield Told(str(device.get("device_id", "")), _object(one), call)


def _answered(call: Exchange) -> Iterator[Mapping[str, Any]]:
    """The devices in an answer to a question."""
    body = _object(call.answer.value) if call.operation in {LIST, GET} else {}
    listed = body.get("devices") if call.operation == LIST else [body]
    yield from (one for one in listed if isinstance(one, Mapping)) if isinstance(listed, list) else ()


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
