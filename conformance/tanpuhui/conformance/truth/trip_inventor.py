"""Invents single trips: metro, bus and bicycle differ in their trips, not in how scenes use them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.truth.calendar import midnight_of
from tanpuhui.conformance.truth.trip_cases import midnight_trips
from tanpuhui.conformance.truth.world import Invented, world_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from random import Random

    from tanpuhui.conformance.truth.expected import World
    from tanpuhui.conformance.truth.links import InventedLink
    from tanpuhui.conformance.truth.record import Horizon
    from tanpuhui.conformance.truth.trip import Trips

_MORNING = timedelta(hours=6, minutes=30)
"""Early enough for it to be the day before in UTC."""
_WIDEST, _MARGIN = timedelta(hours=5), 0.8


@dataclass(frozen=True, slots=True)
class TripInventor:
    """One scheme of single trips."""

    trips: Callable[[Random, Horizon], Trips[Any]]
    every_edge: Callable[[Random, Horizon, datetime], Iterable[Invented]]

    def ordinary(self, rng: Random, horizon: Horizon, count: int, links: Sequence[InventedLink]) -> World:
        """Trips of the last days."""
        trips, step = self.trips(rng, horizon), _step(horizon, count)
        ages = (timedelta(hours=2) + step * index for index in range(count))
        label = "一般出行 / an ordinary trip"
        made = (
            trips.trip(label, link, horizon.now - age) for age, link in zip(ages, cycle(links), strict=False)
        )
        return world_of(made, horizon)

    def edges(self, rng: Random, horizon: Horizon, turn: datetime) -> World:
        """Every edge at once."""
        return world_of(self.every_edge(rng, horizon, turn), horizon)

    def turn_of_year(self, rng: Random, horizon: Horizon, link: InventedLink, midnight: datetime) -> World:
        """Trips around the year's first midnight."""
        return world_of(midnight_trips(self.trips(rng, horizon), link, midnight), horizon)

    def on_days(self, rng: Random, horizon: Horizon, link: InventedLink, days: Sequence[date]) -> World:
        """One morning trip a day."""
        trips, label = self.trips(rng, horizon), "连通变化前后 / around a change of the link"
        return world_of((trips.trip(label, link, midnight_of(day) + _MORNING, 900) for day in days), horizon)


def _step(horizon: Horizon, count: int) -> timedelta:
    """Many trips stand closer together, so that all of them are inside the late window."""
    return min(_WIDEST, timedelta(days=horizon.late_window_days * _MARGIN) / max(count, 1))
