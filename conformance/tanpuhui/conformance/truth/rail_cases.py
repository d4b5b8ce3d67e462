"""Metro trips at the edges: the shortest and longest, the fastest, in and out at one station."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from tanpuhui.conformance.truth.links import InventedLink, invent_link
from tanpuhui.conformance.truth.rail import RAIL, MetroTrip
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
    from datetime import datetime
    from random import Random

    from tanpuhui.conformance.truth.record import Horizon

_STATIONS = tuple(f"L{line:02d}-{number:02d}" for line in (1, 2, 9, 10, 16) for number in range(1, 24))
_MEDIA = ("qr", "nfc", "card")


class MetroTrips(Trips[MetroTrip]):
    """Metro trips one by one."""

    scheme: ClassVar[str] = RAIL

    def of_length(
        self, label: str, link: InventedLink, start: datetime, seconds: int = 0, metres: int | None = None
    ) -> MetroTrip:
        """A trip of that length; without other word of a usual one."""
        took = seconds or self.rng.randrange(600, 3600)
        stations = self.rng.sample(_STATIONS, 2)
        begun = self.begun(label, link, start)
        return MetroTrip(
            **begun,
            took_s=took,
            distance_m=round(took * self.rng.uniform(7.5, 12.5)) if metres is None else metres,
            stations=(stations[0], stations[1]),
            ticket_medium=self.rng.choice(_MEDIA),
        )


def edge_metro_trips(rng: Random, horizon: Horizon, midnight: datetime) -> tuple[MetroTrip, ...]:
    """Every edge at once; `midnight` is the Shanghai midnight at which a month begins."""
    trips, link = MetroTrips(rng, horizon), invent_link(rng, horizon.now)
    return (
        *midnight_trips(trips, link, midnight),
        *_rule_trips(trips, link),
        *_rounding_trips(trips, link),
        *window_trips(trips, link),
        *link_trips(trips),
        *border_trips(trips, link),
    )


def _rule_trips(trips: MetroTrips, link: InventedLink) -> Iterator[MetroTrip]:
    start = trips.horizon.now - 3 * DAY
    yield trips.of_length("恰好 60 秒 / exactly 60 seconds", link, start, 60, 900)
    yield trips.of_length("59 秒 / 59 seconds", link, start + HOUR, 59, 900)
    yield trips.of_length("里程为零 / no distance", link, start + 2 * HOUR, 900, 0)
    yield trips.of_length("恰好 80 km/h / exactly 80 km/h", link, start + 3 * HOUR, 900, 20_000)
    yield trips.of_length("略快于 80 km/h / just above 80 km/h", link, start + 4 * HOUR, 900, 20_001)
    yield trips.of_length("恰好 130 km / exactly 130 km", link, start + 5 * HOUR, 9000, 130_000)
    yield trips.of_length("130 km 零 1 m / one metre above 130 km", link, start + 9 * HOUR, 9000, 130_001)
    yield trips.of_length("恰好 4 小时 / exactly four hours", link, start + 14 * HOUR, 14_400, 40_000)
    yield trips.of_length(
        "4 小时零 1 秒 / a second above four hours", link, start + 20 * HOUR, 14_401, 40_000
    )
    around = trips.of_length("同站进出 / in and out at one station", link, start + 26 * HOUR, 1200, 8000)
    yield replace(around, stations=(around.stations[0], around.stations[0]))


def _rounding_trips(trips: MetroTrips, link: InventedLink) -> Iterator[MetroTrip]:
    """Distances whose exact product has more than six places, or is off as a binary float."""
    start = trips.horizon.now - 5 * DAY
    for hours, metres in enumerate((1, 7, 8_500, 12_300, 12_345, 33_337)):
        label = f"里程 {metres} m / a distance of {metres} m"
        yield trips.of_length(label, link, start + 2 * hours * HOUR, max(600, metres // 10), metres)
