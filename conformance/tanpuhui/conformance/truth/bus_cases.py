"""Bus trips at the edges: with one tap and with two, the longest, the fastest, the shortest."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from tanpuhui.conformance.truth.bus import BUS, Alighted, BusTrip, Line
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

_LINES = (Line("71", 6200, 1260), Line("B-49", 4317, 1087), Line("1209", 3811, 953))


class BusTrips(Trips[BusTrip]):
    """Bus trips one by one."""

    scheme: ClassVar[str] = BUS

    def of_length(
        self, label: str, link: InventedLink, start: datetime, seconds: int = 0, metres: int | None = None
    ) -> BusTrip:
        """A trip of that length with two taps; without other word of a usual one."""
        took = seconds or self.rng.randrange(420, 2700)
        covered = round(took * self.rng.uniform(3.5, 6.5)) if metres is None else metres
        tapped = Alighted(f"S{self.rng.randrange(1000, 9999)}", covered)
        return replace(self.boarded(label, link, start), alighted=tapped, took_s=took)

    def boarded(self, label: str, link: InventedLink, start: datetime, line: Line | None = None) -> BusTrip:
        """A trip of which only the first tap is known: it lasts as long as the line's average."""
        begun, any_line = self.begun(label, link, start), self.rng.choice(_LINES)
        chosen, stop = line or any_line, f"S{self.rng.randrange(100, 999)}"
        return BusTrip(**begun, took_s=chosen.average_s, line=chosen, board_stop=stop)


def edge_bus_trips(rng: Random, horizon: Horizon, midnight: datetime) -> tuple[BusTrip, ...]:
    """Every edge at once; `midnight` is the Shanghai midnight at which a month begins."""
    trips, link = BusTrips(rng, horizon), invent_link(rng, horizon.now)
    return (
        *midnight_trips(trips, link, midnight),
        *_single_taps(trips, link, midnight),
        *_rule_trips(trips, link),
        *window_trips(trips, link),
        *link_trips(trips),
        *border_trips(trips, link),
    )


def _single_taps(trips: BusTrips, link: InventedLink, midnight: datetime) -> Iterator[BusTrip]:
    start = trips.horizon.now - 4 * DAY
    for hours, line in enumerate(_LINES):
        label = f"{line.line_id} 路只有上车 / line {line.line_id}, boarded and never tapped out"
        yield trips.boarded(label, link, start + hours * HOUR, line)
    late = midnight - timedelta(minutes=3)
    yield trips.boarded("零时前上车，没有下车 / boarded before midnight, never tapped out", link, late)


def _rule_trips(trips: BusTrips, link: InventedLink) -> Iterator[BusTrip]:
    start = trips.horizon.now - 3 * DAY
    yield trips.of_length("恰好 60 秒 / exactly 60 seconds", link, start, 60, 300)
    yield trips.of_length("59 秒 / 59 seconds", link, start + HOUR, 59, 300)
    yield trips.of_length("里程为零 / no distance", link, start + 2 * HOUR, 900, 0)
    yield trips.of_length("恰好 60 km/h / exactly 60 km/h", link, start + 3 * HOUR, 900, 15_000)
    yield trips.of_length("略快于 60 km/h / just above 60 km/h", link, start + 4 * HOUR, 900, 15_001)
    yield trips.of_length("恰好 60 km / exactly 60 km", link, start + 5 * HOUR, 7200, 60_000)
    yield trips.of_length("60 km 零 1 m / one metre above 60 km", link, start + 8 * HOUR, 7200, 60_001)
    yield trips.of_length("恰好 3 小时 / exactly three hours", link, start + 12 * HOUR, 10_800, 30_000)
    yield trips.of_length(
        "3 小时零 1 秒 / a second above three hours", link, start + 16 * HOUR, 10_801, 30_000
    )
    label = "减排量第七位恰为 5 / a reduction with just a five in the seventh place"
    yield trips.of_length(label, link, start + 24 * HOUR, 2400, 12_345)
    around = trips.of_length("回到上车站 / back at the first stop", link, start + 20 * HOUR, 2400, 9000)
    if around.alighted is not None:
        yield replace(around, alighted=replace(around.alighted, stop=around.board_stop))
