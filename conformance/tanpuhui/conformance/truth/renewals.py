"""Devices whose certificate is renewed between two reports: what the old one covers, and what the new one alone does (DEV-008)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.truth.calendar import midnight_of, month_before, shanghai_day
from tanpuhui.conformance.truth.devices import duty_of, invent_calibration, invent_device
from tanpuhui.conformance.truth.home import HOME
from tanpuhui.conformance.truth.home_cases import Households
from tanpuhui.conformance.truth.links import invent_link
from tanpuhui.conformance.truth.plants import Plants
from tanpuhui.conformance.truth.pv import PV
from tanpuhui.conformance.truth.world import world_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from random import Random

    from tanpuhui.conformance.truth.devices import InventedDevice
    from tanpuhui.conformance.truth.expected import World
    from tanpuhui.conformance.truth.home import Household
    from tanpuhui.conformance.truth.links import InventedLink
    from tanpuhui.conformance.truth.pv import Plant
    from tanpuhui.conformance.truth.record import Horizon

_DAY, _YEAR = timedelta(days=1), timedelta(days=365)
_OLD = "旧证书有效期内 / within the old certificate"
_NEW = "仅由新证书覆盖 / covered by the new certificate alone"


@dataclass(frozen=True, slots=True)
class Renewal:
    """One device of each scheme that demands calibration; `turn`, the first of a month, is when its certificate is renewed."""

    rng: Random
    turn: date
    link: InventedLink
    devices: Mapping[str, InventedDevice]

    @classmethod
    def of(cls, rng: Random, schemes: Iterable[str], horizon: Horizon, turn: date) -> Renewal:
        """The devices as the ledger has them before the turn, with the one certificate that ends there."""
        midnight = midnight_of(turn)
        devices = {}
        for scheme in schemes:
            if duty_of(scheme).calibrated:
                ending = invent_calibration(rng, midnight - _YEAR, midnight)
                device = invent_device(rng, scheme, horizon.now)
                devices[scheme] = replace(device, calibrations=(ending,))
        return cls(rng, turn, invent_link(rng, horizon.now), devices)

    def before(self, horizon: Horizon) -> World:
        """What is reported while the old certificate is the only one."""
        days = [shanghai_day(horizon.now) - age * _DAY for age in (2, 1)]
        month = month_before(month_before(self.turn))
        return world_of(self._made(self.devices, horizon, _OLD, (days, month)), horizon)

    def after(self, horizon: Horizon) -> World:
        """The new certificate in the ledger, and what started on either side of the turn."""
        renewed = {scheme: self._renewed(device) for scheme, device in self.devices.items()}
        old = [self.turn - _DAY], month_before(self.turn)
        new = [self.turn, self.turn + _DAY], self.turn
        made = [*self._made(renewed, horizon, _OLD, old), *self._made(renewed, horizon, _NEW, new)]
        return world_of(made, horizon)

    def _renewed(self, device: InventedDevice) -> InventedDevice:
        midnight = midnight_of(self.turn)
        following = invent_calibration(self.rng, midnight, midnight + _YEAR)
        return replace(device, calibrations=(*device.calibrations, following))

    def _made(
        self,
        devices: Mapping[str, InventedDevice],
        horizon: Horizon,
        label: str,
        when: tuple[list[date], date],
    ) -> Iterator[Plant | Household]:
        """Of each scheme one activity: these days, or this month."""
        days, month = when
        for scheme, device in devices.items():
            if scheme == PV:
                plants = Plants(self.rng, horizon, self.link)
                yield replace(plants.plant(label, plants.days(days)), device=device)
            if scheme == HOME:
                homes = Households(self.rng, horizon, self.link)
                yield replace(homes.household(label, month), device=device)
