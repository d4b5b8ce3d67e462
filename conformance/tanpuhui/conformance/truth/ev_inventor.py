"""Invents cars and their days."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

from tanpuhui.conformance.truth.ev_cases import Cars, calendar_car, edge_cars
from tanpuhui.conformance.truth.world import world_of
from tanpuhui.spec.business_time import business_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from random import Random

    from tanpuhui.conformance.truth.expected import World
    from tanpuhui.conformance.truth.links import InventedLink
    from tanpuhui.conformance.truth.record import Horizon

_DAYS_OF_A_CAR = 6


class EvInventor:
    """Cars; a day of one is a record."""

    def ordinary(self, rng: Random, horizon: Horizon, count: int, links: Sequence[InventedLink]) -> World:
        """Days of as many cars as it takes."""
        cars = Cars(rng, horizon, links[0])
        label, made, turn = "一般行车日 / an ordinary day of a car", [], cycle(links)
        while count > 0:
            ages = range(1, min(count, _DAYS_OF_A_CAR) + 1)
            made.append(cars.car(label, cars.days(cars.ago(age) for age in ages), next(turn)))
            count -= len(ages)
        return world_of(made, horizon)

    def edges(self, rng: Random, horizon: Horizon, turn: datetime) -> World:
        """Every edge at once."""
        return world_of(edge_cars(rng, horizon, business_day(turn)), horizon)

    def turn_of_year(self, rng: Random, horizon: Horizon, link: InventedLink, midnight: datetime) -> World:
        """A car's calendar around New Year, with a trip over its midnight."""
        return world_of([calendar_car(Cars(rng, horizon, link), business_day(midnight))], horizon)

    def on_days(self, rng: Random, horizon: Horizon, link: InventedLink, days: Sequence[date]) -> World:
        """One car with these days."""
        cars = Cars(rng, horizon, link)
        return world_of([cars.car("连通变化前后 / around a change of the link", cars.days(days))], horizon)
