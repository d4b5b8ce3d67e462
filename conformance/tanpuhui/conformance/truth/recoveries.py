"""Devices that fall ill and recover: of their data only what the fault touched counts nothing (DEV-001, DEV-002, DEV-006)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tanpuhui.conformance.truth.devices import duty_of, in_ledger, invent_device
from tanpuhui.conformance.truth.ev import EV
from tanpuhui.conformance.truth.ev_cases import Cars
from tanpuhui.conformance.truth.expected import World
from tanpuhui.conformance.truth.home import HOME, NORMAL
from tanpuhui.conformance.truth.home_cases import Households
from tanpuhui.conformance.truth.links import invent_link, listed
from tanpuhui.conformance.truth.plant import day_readings, flagged
from tanpuhui.conformance.truth.plants import Plants
from tanpuhui.conformance.truth.pv import PV
from tanpuhui.conformance.truth.world import world_of
from tanpuhui.conformance.verdict import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime
    from random import Random

    from tanpuhui.conformance.truth.devices import InventedDevice
    from tanpuhui.conformance.truth.ev import Car
    from tanpuhui.conformance.truth.links import InventedLink
    from tanpuhui.conformance.truth.pv import Plant
    from tanpuhui.conformance.truth.record import Horizon

FAULT, UPKEEP = "D", "M"
_HOUR, _WATTS = 3600, 4800
_LABELS = {
    FAULT: Text("故障当日", "the day of a fault"),
    NORMAL: Text("没有故障的一日", "a day without a fault"),
}


@dataclass(frozen=True, slots=True)
class Recovery:
    """One device of each scheme that demands registration, as the ledger has it now."""

    rng: Random
    link: InventedLink
    devices: tuple[InventedDevice, ...]

    @classmethod
    def of(cls, rng: Random, schemes: Iterable[str], horizon: Horizon) -> Recovery:
        """All in order yet."""
        registered = (scheme for scheme in schemes if duty_of(scheme).registered)
        devices = tuple(invent_device(rng, scheme, horizon.now) for scheme in registered)
        return cls(rng, invent_link(rng, horizon.now), devices)

    def entered(self, *states: tuple[str, datetime]) -> Recovery:
        """The same devices after these changes of their state."""
        return replace(self, devices=tuple(replace(it, states=(*it.states, *states)) for it in self.devices))

    def ledger(self) -> World:
        """The devices, and the link of all that they measure."""
        return World(links=listed([self.link]), devices=in_ledger(self.devices))

    def days(self, horizon: Horizon, flags: Mapping[date, str]) -> World:
        """These days, each in that state all day."""
        return self.ledger() + world_of(self._daily(horizon, flags), horizon)

    def last_month(self, horizon: Horizon) -> World:
        """The month that ended before anything befell its meter."""
        homes = Households(self.rng, horizon, self.link)
        label = "故障之前的月 / the month before a fault"
        meters = (device for device in self.devices if device.scheme == HOME)
        return world_of([replace(homes.household(label), device=meter) for meter in meters], horizon)

    def _daily(self, horizon: Horizon, flags: Mapping[date, str]) -> Iterator[Plant | Car]:
        labels = tuple((day, _LABELS[flag]) for day, flag in flags.items())
        for device in self.devices:
            if device.scheme == PV:
                yield replace(self._plant(horizon, flags), device=device, days=labels)
            if device.scheme == EV:
                yield replace(self._car(horizon, flags), device=device, days=labels)

    def _plant(self, horizon: Horizon, flags: Mapping[date, str]) -> Plant:
        readings = [
            reading
            for day, flag in flags.items()
            for reading in day_readings(self.rng, day, _HOUR, _WATTS, flagged(range(24), flag))
        ]
        return Plants(self.rng, horizon, self.link).plant("设备故障前后 / around a fault", readings)

    def _car(self, horizon: Horizon, flags: Mapping[date, str]) -> Car:
        cars = Cars(self.rng, horizon, self.link)
        drives = [replace(drive, state=flags[day]) for day in flags for drive in cars.days([day])]
        return cars.car("设备故障前后 / around a fault", drives)
