"""Ordinary activities, all of them due: what most scenes report while something else is going on."""

from __future__ import annotations

from datetime import timedelta
from itertools import cycle
from typing import TYPE_CHECKING

from tanpuhui.conformance.truth.bike import BIKE, rides_world
from tanpuhui.conformance.truth.bike_cases import Rides
from tanpuhui.conformance.truth.expected import World
from tanpuhui.conformance.truth.links import InventedLink, listed
from tanpuhui.conformance.truth.pv import PV, plants_world
from tanpuhui.conformance.truth.pv_cases import Plants

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from random import Random

    from tanpuhui.conformance.truth.record import Horizon

_DAYS_OF_A_PLANT = 6


def ordinary(
    rng: Random, schemes: Collection[str], horizon: Horizon, count: int, links: Sequence[InventedLink]
) -> World:
    """So many due records of the claimed schemes, spread over these links."""
    world = World(links=listed(links))
    shares = _shares(sorted(set(schemes) & {BIKE, PV}), count)
    if shares.get(PV):
        world += ordinary_days(rng, horizon, shares[PV], links)
    if shares.get(BIKE):
        world += ordinary_rides(rng, horizon, shares[BIKE], links)
    return world


def ordinary_rides(rng: Random, horizon: Horizon, count: int, links: Sequence[InventedLink]) -> World:
    """Rides of the last days."""
    rides = Rides(rng, horizon)
    ages = (timedelta(hours=2 + 5 * index) for index in range(count))
    label = "一般骑行 / an ordinary ride"
    made = (rides.ride(label, link, horizon.now - age) for age, link in zip(ages, cycle(links), strict=False))
    return rides_world(tuple(made), horizon)


def ordinary_days(rng: Random, horizon: Horizon, count: int, links: Sequence[InventedLink]) -> World:
    """Days of as many small plants as it takes."""
    plants = Plants(rng, horizon, links[0])
    label, made, turn = "一般发电日 / an ordinary day of a plant", [], cycle(links)
    while count > 0:
        ages = range(1, min(count, _DAYS_OF_A_PLANT) + 1)
        made.append(plants.plant(label, plants.days(plants.ago(age) for age in ages), next(turn)))
        count -= len(ages)
    return plants_world(made, horizon)


def _shares(schemes: list[str], count: int) -> dict[str, int]:
    each, rest = divmod(count, len(schemes))
    return {scheme: each + (index < rest) for index, scheme in enumerate(schemes)}
