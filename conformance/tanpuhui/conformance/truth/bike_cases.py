"""Rides at the edges: the shortest, the fastest, the doubtful, the assisted and those that look like one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from tanpuhui.conformance.truth.bike import BIKE, Ride
from tanpuhui.conformance.truth.links import InventedLink, invent_link
from tanpuhui.conformance.truth.trip import Trips
from tanpuhui.conformance.truth.trip_cases import (
    DAY,
    HOUR,
    border_trips,
    link_trips,
    midnight_trips,
    window_trips,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from tanpuhui.conformance.truth.record import Horizon


class Rides(Trips[Ride]):
    """Rides one by one."""

    scheme: ClassVar[str] = BIKE

    def of_length(
        self, label: str, link: InventedLink, start: datetime, seconds: int = 0, metres: int | None = None
    ) -> Ride:
        """A ride of that length; without other word of a usual one."""
        took = seconds or self.rng.randrange(420, 2400)
        covered = round(took * self.rng.uniform(2.1, 5.2)) if metres is None else metres
        return Ride(**self.begun(label, link, start), took_s=took, distance_m=covered)


def edge_rides(rng: Random, horizon: Horizon, midnight: datetime) -> tuple[Ride, ...]:
    """Every edge at once; `midnight` is the Shanghai midnight at which a month begins."""
    rides, link = Rides(rng, horizon), invent_link(rng, horizon.now)
    return (
        *midnight_trips(rides, link, midnight),
        *_rule_rides(rides, link),
        *_held_rides(rides, link),
        *_assisted_rides(rides, link),
        *_repeated_rides(rides, link),
        *window_trips(rides, link),
        *link_trips(rides),
        *border_trips(rides, link),
    )


def _rule_rides(rides: Rides, link: InventedLink) -> Iterator[Ride]:
    start = rides.horizon.now - 3 * DAY
    yield rides.of_length("恰好 60 秒 / exactly 60 seconds", link, start, 60, 180)
    yield rides.of_length("59 秒 / 59 seconds", link, start + HOUR, 59, 180)
    yield rides.of_length("里程为零 / no distance", link, start + 2 * HOUR, 900, 0)
    label = "减排量第七位恰为 5 / a reduction with just a five in the seventh place"
    yield rides.of_length(label, link, start + 5 * HOUR, 900, 3215)
    yield rides.of_length("恰好 30 km/h / exactly 30 km/h", link, start + 3 * HOUR, 900, 7500)
    yield rides.of_length("略快于 30 km/h / just above 30 km/h", link, start + 4 * HOUR, 900, 7501)


def _held_rides(rides: Rides, link: InventedLink) -> Iterator[Ride]:
    start = rides.horizon.now - 4 * DAY
    yield rides.of_length("恰好 100 米 / exactly 100 metres", link, start, 90, 100)
    yield rides.of_length("99 米，待核 / 99 metres, to be held", link, start + HOUR, 90, 99)
    yield rides.of_length("超过 30 km，待核 / beyond 30 km, to be held", link, start + 2 * HOUR, 9000, 31_007)


def _assisted_rides(rides: Rides, link: InventedLink) -> Iterator[Ride]:
    start = rides.horizon.now - 5 * DAY
    shown = (("电助力 / assisted", 3217, 13), ("电助力，减排量为零 / assisted, no reduction left", 503, 97))
    for hours, (label, metres, energy) in enumerate(shown):
        yield replace(rides.of_length(label, link, start + hours * HOUR, 900, metres), energy_wh=energy)


def _repeated_rides(rides: Rides, link: InventedLink) -> Iterator[Ride]:
    """One bicycle twice a day, and two bicycles at the same time: different activities all the same."""
    start = rides.horizon.now - 6 * DAY
    first = rides.of_length("同一辆车当日第一次 / a bicycle's first ride of the day", link, start, 700, 2003)
    again = rides.of_length(
        "同一辆车当日又一次 / the same bicycle again", link, start + timedelta(minutes=40), 700, 2003
    )
    yield first
    yield replace(again, device=first.device)
    yield rides.of_length("同时的另一辆车 / another bicycle at the same time", link, start, 700, 2003)
