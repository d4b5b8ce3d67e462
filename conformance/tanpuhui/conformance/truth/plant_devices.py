"""Plants whose inverters are at the edges of the register: certificates that end, begin, lapse or were never there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.truth.calendar import midnight_of, noon
from tanpuhui.conformance.truth.devices import invent_calibration, invent_device
from tanpuhui.conformance.truth.plant import day_readings, flagged
from tanpuhui.conformance.truth.pv import PV
from tanpuhui.conformance.verdict import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from tanpuhui.conformance.truth.devices import InventedDevice
    from tanpuhui.conformance.truth.plants import Plants
    from tanpuhui.conformance.truth.pv import Plant

_YEAR = timedelta(days=365)
_HOUR = 3600


def device_plants(plants: Plants) -> Iterator[Plant]:
    """Three days each, before, at and after what happens to the device at noon of the second."""
    turn = noon(plants.ago(2))
    yield _over(plants, "校验在次日中午到期 / the calibration ends", _certified(plants, (turn - _YEAR, turn)))
    yield _over(plants, "校验自次日中午起 / the calibration begins", _certified(plants, (turn, turn + _YEAR)))
    renewed = _certified(plants, (turn - _YEAR, turn), (turn, turn + _YEAR))
    yield _over(plants, "到期当时续上新证书 / a new certificate follows at once", renewed)
    lapsed = _certified(plants, (turn - _YEAR, turn), (turn + timedelta(days=1), turn + _YEAR))
    yield _over(plants, "两张证书之间有一日空档 / a day between two certificates", lapsed)
    yield _over(plants, "没有校验证书 / no certificate at all", _certified(plants))
    unknown = replace(invent_device(plants.rng, PV, plants.horizon.now), known=False)
    yield _over(plants, "台账中没有的设备 / a device that the ledger does not have", unknown)
    yield from _replaced(plants)
    yield _faulty(plants)


def _certified(plants: Plants, *spans: tuple[datetime, datetime]) -> InventedDevice:
    certificates = tuple(invent_calibration(plants.rng, begin, end) for begin, end in spans)
    return replace(invent_device(plants.rng, PV, plants.horizon.now), calibrations=certificates)


def _over(plants: Plants, label: str, device: InventedDevice) -> Plant:
    days = [plants.ago(3), plants.ago(2), plants.ago(1)]
    named = {day: Text.both(_on(label, place)) for day, place in zip(days, _PLACES, strict=True)}
    return replace(plants.plant(label, plants.days(days)), device=device, days=tuple(named.items()))


_PLACES = (("前一日", "the day before"), ("当日", "the same day"), ("后一日", "the day after"))


def _on(label: str, place: tuple[str, str]) -> str:
    zh, _, en = label.partition(" / ")
    return f"{zh}，{place[0]} / {en}, {place[1]}"


def _replaced(plants: Plants) -> Iterator[Plant]:
    """One inverter, its successor from a midnight on, and that one's from the next: one plant, no day twice."""
    old = invent_device(plants.rng, PV, plants.horizon.now)
    label = "更换前的设备 / the device that was replaced"
    plant = replace(plants.plant(label, plants.days([plants.ago(4), plants.ago(3)])), device=old)
    yield plant
    for age, label in (
        (2, "更换后的设备 / the device that replaces it"),
        (1, "再次更换后的设备 / the device that replaces that one"),
    ):
        made = plants.plant(label, plants.days([plants.ago(age)]), plant.link)
        installed = midnight_of(plants.ago(age))
        plant = replace(
            made, device=replace(made.device, installed_at=installed, replaces=plant.device.device_id)
        )
        yield plant


def _faulty(plants: Plants) -> Plant:
    """A fault that began in the night, in the ledger as in the readings: the day counts nothing, and is told."""
    day = plants.ago(1)
    readings = day_readings(plants.rng, day, _HOUR, 4800, flagged(range(24), "D"))
    device = invent_device(plants.rng, PV, plants.horizon.now)
    broken = replace(device, states=(("D", midnight_of(day)),))
    return replace(plants.plant("整日设备故障 / a faulty device all day", readings), device=broken)
