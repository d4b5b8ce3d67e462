"""The device register as the scenario uses it: what is said twice is said once, what differs is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tanpuhui.mock_platform.interface.answer import Answer, Refused, json_answer
from tanpuhui.mock_platform.interface.paging import answer_page
from tanpuhui.mock_platform.state.devices import (
    add_calibration,
    add_device,
    add_state,
    certified_as,
    is_registered,
    one_device,
    page_of_devices,
    registered_as,
)
from tanpuhui.spec.business_time import instant_text, parse_instant
from tanpuhui.spec.indicator import schemes
from tanpuhui.spec.problem import PlaceError

if TYPE_CHECKING:
    from tanpuhui.mock_platform.interface.call import Call

_KIND = "应为附录 A 写明的设备种类 / shall be the kind of device that annex A names for the scheme"
_REPLACES = "设备不更换自己 / a device does not replace itself"
_PERIOD = "应晚于 valid_from / shall be after valid_from"


def list_devices(call: Call) -> Answer:
    """列出本场景的设备 / List the scenario's devices."""
    return answer_page(
        call, "devices", lambda after, size: page_of_devices(call.connection, call.tenant.id, after, size)
    )


def get_device(call: Call) -> Answer:
    """读取一台设备 / Read one device."""
    return json_answer(_device(call, call.parameters["device_id"]))


def register_device(call: Call) -> Answer:
    """登记设备 / Register a device."""
    content = call.body
    _require(content["kind"] == schemes()[content["scheme"]].device.kind, "/kind", _KIND)
    _require(content.get("replaces") != content["device_id"], "/replaces", _REPLACES)
    same = registered_as(call.connection, call.tenant.id, content)
    if same is None:
        add_device(call.connection, call.tenant.id, content, call.now)
    status = _status(same)
    return json_answer(_device(call, content["device_id"]), status=status)


def register_calibration(call: Call) -> Answer:
    """登记校验证书 / Register a calibration certificate."""
    device_id, entry = _registered(call), call.body
    _require(parse_instant(entry["valid_from"]) < parse_instant(entry["valid_to"]), "/valid_to", _PERIOD)
    same = certified_as(call.connection, call.tenant.id, device_id, entry)
    if same is None:
        add_calibration(call.connection, call.tenant.id, device_id, entry)
    return json_answer(entry, status=_status(same))


def report_device_state(call: Call) -> Answer:
    """报告设备状态的变化 / Report a change of a device's state."""
    device_id = _registered(call)
    add_state(call.connection, call.tenant.id, device_id, call.body, call.now)
    return json_answer(
        {"device_id": device_id, **call.body, "reported_at": instant_text(call.now)}, status=201
    )


def _status(same: bool | None) -> int:  # noqa: FBT001  # the answer of the register, not a switch
    """Registered now, registered before, or refused because something else is registered."""
    if same is None:
        return 201
    if same:
        return 200
    raise Refused("device-conflict")


def _require(condition: bool, pointer: str, text: str) -> None:  # noqa: FBT001  # what is required, not a switch
    if not condition:
        raise Refused("schema-violation", [PlaceError(pointer, "value", text)])


def _registered(call: Call) -> str:
    device_id = str(call.parameters["device_id"])
    if not is_registered(call.connection, call.tenant.id, device_id):
        raise Refused("not-found")
    return device_id


def _device(call: Call, device_id: str) -> dict[str, Any]:
    found = one_device(call.connection, call.tenant.id, device_id)
    if found is None:
        raise Refused("not-found")
    return found
