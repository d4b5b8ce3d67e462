"""Invents plants and their days."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

from tanpuhui.conformance.truth.plants import Plants
from tanpuhui.conformance.truth.pv_cases import calendar_plant, edge_plants
from tanpuhui.conformance.truth.world import world_of
from tanpuhui.spec.business_time import business_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from random import Random

    from tanpuhui.conformance.truth.expected import World
    from tanpuhui.conformance.truth.links import InventedLink
    from tanpuhui.conformance.truth.record import Horizon

_DAYS_OF_A_PLANT = 6


class PvInventor:
    """Plants; a day of one is a record."""

    def ordinary(self, rng: Random, horizon: Horizon, count: int, links: Sequence[InventedLink]) -> World:
        """Days of as many small plants as it takes."""
        plants = Plants(rng, horizon, links[0])
        label, made, turn = "一般发电日 / an ordinary day of a plant", [], cycle(links)
        while count > 0:
            ages = range(1, min(count, _DAYS_OF_A_PLANT) + 1)
            made.append(plants.plant(label, plants.days(plants.ago(age) for age in ages), next(turn)))
            count -= len(ages)
        return world_of(made, horizon)

    def edges(self, rng: Random, horizon: Horizon, turn: datetime) -> World:
        """Every edge at once."""
        return world_of(edge_plants(rng, horizon, business_day(turn)), horizon)

    def turn_of_year(self, rng: Random, horizon: Horizon, link: InventedLink, midnight: datetime) -> World:
        """A plant's calendar around New Year."""
        plants = Plants(rng, horizon, link)
        return world_of([calendar_plant(plants, business_day(midnight))], horizon)

    def on_days(self, rng: Random, horizon: Horizon, link: InventedLink, days: Sequence[date]) -> World:
        """One plant with these days."""
        plants = Plants(rng, horizon, link)
        plant = plants.plant("连通变化前后 / around a change of the link", plants.days(days))
        return world_of([plant], horizon)
