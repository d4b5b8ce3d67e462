"""The device register: devices, their calibrations, and what was reported of their state (DEV-003 to DEV-006)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Index, Select, Table, Text, bindparam, func, insert, select

from tanpuhui.mock_platform.state.clock import instant, micros
from tanpuhui.mock_platform.state.columns import number, tenant_key, text
from tanpuhui.mock_platform.state.many import WANTED, one_of
from tanpuhui.mock_platform.state.schema import SCHEMA
from tanpuhui.spec.business_time import instant_text, parse_instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

NORMAL = "N"
DEVICES = Table(
    "devices",
    SCHEMA,
    tenant_key(),
    number("position", key=True),
    text("device_id"),
    text("kind"),
    text("scheme"),
    text("model"),
    number("installed_at"),
    Column("replaces", Text),
    number("registered_at"),
    Index("devices_by_id", "tenant", "device_id", unique=True),
)
CALIBRATIONS = Table(
    "calibrations",
    SCHEMA,
    tenant_key(),
    number("position", key=True),
    text("device_id"),
    text("certificate_no"),
    text("issuer"),
    text("standard"),
    number("valid_from"),
    number("valid_to"),
    Index("certificates", "tenant", "device_id", "certificate_no", unique=True),
)
DEVICE_STATES = Table(
    "device_states",
    SCHEMA,
    tenant_key(),
    number("position", key=True),
    text("device_id"),
    text("state"),
    number("since"),
    number("reported_at"),
    Index("states_by_device", "tenant", "device_id"),
)
_REGISTERED = ("device_id", "kind", "scheme", "model", "installed_at", "replaces")
_CERTIFIED = ("certificate_no", "issuer", "standard", "valid_from", "valid_to")
_INSTANTS = frozenset({"installed_at", "valid_from", "valid_to", "since", "registered_at", "reported_at"})


@dataclass(frozen=True, slots=True)
class Standing:
    """When a registered device's calibrations are valid."""

    calibrations: tuple[tuple[int, int], ...]

    def calibrated_at(self, at: datetime) -> bool:
        """Whether some certificate covers this instant (DEV-004)."""
        moment = micros(at)
        return any(valid_from <= moment < valid_to for valid_from, valid_to in self.calibrations)


def add_device(
    connection: Connection, tenant: str, registration: Mapping[str, Any], registered_at: datetime
) -> None:
    """Enter a device that the register does not hold."""
    row = {
        "tenant": tenant,
        "position": _next(connection, DEVICES, tenant),
        **_kept(registration, _REGISTERED),
    }
    connection.execute(insert(DEVICES), row | {"registered_at": micros(registered_at)})


def registered_as(connection: Connection, tenant: str, registration: Mapping[str, Any]) -> bool | None:
    """Whether the device is registered with this very content; None where it is not registered at all."""
    found = connection.execute(
        select(DEVICES).filter_by(tenant=tenant, device_id=registration["device_id"])
    ).first()
    return None if found is None else _same(found, registration, _REGISTERED)


def add_calibration(connection: Connection, tenant: str, device_id: str, entry: Mapping[str, Any]) -> None:
    """Enter a certificate that the device does not have yet."""
    row = {"tenant": tenant, "position": _next(connection, CALIBRATIONS, tenant), "device_id": device_id}
    connection.execute(insert(CALIBRATIONS), row | _kept(entry, _CERTIFIED))


def certified_as(
    connection: Connection, tenant: str, device_id: str, entry: Mapping[str, Any]
) -> bool | None:
    """Whether the device has the certificate with this very content; None where it has none of that number."""
    place = {"tenant": tenant, "device_id": device_id, "certificate_no": entry["certificate_no"]}
    found = connection.execute(select(CALIBRATIONS).filter_by(**place)).first()
    return None if found is None else _same(found, entry, _CERTIFIED)


def add_state(
    connection: Connection, tenant: str, device_id: str, entry: Mapping[str, Any], reported_at: datetime
) -> None:
    """Enter what was reported of a device."""
    row = {"tenant": tenant, "position": _next(connection, DEVICE_STATES, tenant), "device_id": device_id}
    row |= _kept(entry, ("state", "since"))
    connection.execute(insert(DEVICE_STATES), row | {"reported_at": micros(reported_at)})


def is_registered(connection: Connection, tenant: str, device_id: str) -> bool:
    """Whether the register holds the device."""
    found = select(DEVICES.c.device_id).filter_by(tenant=tenant, device_id=device_id)
    return connection.execute(found).first() is not None


def one_device(connection: Connection, tenant: str, device_id: str) -> dict[str, Any] | None:
    """The device as the scenario may read it."""
    found = _shown(connection, tenant, select(DEVICES).filter_by(tenant=tenant, device_id=device_id))
    return found[0][1] if found else None


def page_of_devices(
    connection: Connection, tenant: str, after: int, size: int
) -> list[tuple[int, dict[str, Any]]]:
    """The next devices with their positions."""
    chosen = select(DEVICES).where(DEVICES.c.tenant == tenant, DEVICES.c.position > after)
    return _shown(connection, tenant, chosen.order_by(DEVICES.c.position).limit(size))


def standings(connection: Connection, tenant: str, device_ids: Iterable[str]) -> dict[str, Standing]:
    """Those of the devices that are registered, with their calibrations."""
    wanted = sorted(set(device_ids))
    certificates = _of_devices(connection, CALIBRATIONS, tenant, wanted)
    return {
        device_id: Standing(tuple((row.valid_from, row.valid_to) for row in certificates.get(device_id, ())))
        for device_id in _of_devices(connection, DEVICES, tenant, wanted)
    }


def _shown(connection: Connection, tenant: str, chosen: Select[Any]) -> list[tuple[int, dict[str, Any]]]:
    rows = connection.execute(chosen).all()
    ids = [row.device_id for row in rows]
    certificates = _of_devices(connection, CALIBRATIONS, tenant, ids)
    states = _of_devices(connection, DEVICE_STATES, tenant, ids)
    replacing = select(DEVICES.c.replaces, DEVICES.c.device_id).where(
        DEVICES.c.tenant == tenant, DEVICES.c.replaces.in_(ids)
    )
    replaced_by = {row.replaces: row.device_id for row in connection.execute(replacing)}
    return [
        (
            row.position,
            {
                **_told(row, _REGISTERED),
                **({"replaced_by": replaced_by[row.device_id]} if row.device_id in replaced_by else {}),
                **_told(row, ("registered_at",)),
                "state": _latest(states.get(row.device_id, ())),
                "calibrations": [_told(each, _CERTIFIED) for each in certificates.get(row.device_id, ())],
            },
        )
        for row in rows
    ]


def _latest(states: Sequence[Row[Any]]) -> str:
    return str(max(states, key=lambda row: (row.since, row.position)).state) if states else NORMAL


def _of_devices(
    connection: Connection, table: Table, tenant: str, device_ids: Sequence[str]
) -> dict[str, list[Row[Any]]]:
    if not device_ids:
        return {}
    found: dict[str, list[Row[Any]]] = {}
    wanted = {"tenant": tenant, WANTED: device_ids}
    for row in connection.execute(_entries(connection.dialect.name, table), wanted):
        found.setdefault(row.device_id, []).append(row)
    return found


@cache
def _entries(dialect: str, table: Table) -> Select[Any]:
    """A tenant's entries on the devices that are wanted, in their order."""
    place = (table.c.tenant == bindparam("tenant"), one_of(dialect, table.c.device_id))
    return select(table).where(*place).order_by(table.c.position)


def _next(connection: Connection, table: Table, tenant: str) -> int:
    last = select(func.coalesce(func.max(table.c.position), -1)).where(table.c.tenant == tenant)
    return int(connection.execute(last).scalar_one()) + 1


def _kept(content: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The members as columns, instants as numbers."""
    return {
        name: micros(parse_instant(content[name])) if name in _INSTANTS else content.get(name)
        for name in names
    }


def _told(row: Row[Any], names: Sequence[str]) -> dict[str, Any]:
    """The columns as members; what is not there is left out."""
    found = {name: getattr(row, name) for name in names}
    return {
        name: instant_text(instant(value)) if name in _INSTANTS else value
        for name, value in found.items()
        if value is not None
    }


def _same(row: Row[Any], content: Mapping[str, Any], names: Sequence[str]) -> bool:
    return all(getattr(row, name) == value for name, value in _kept(content, names).items())
