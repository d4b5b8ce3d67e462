"""The inventors by scheme, and what several claimed schemes come to together."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from tanpuhui.conformance.truth.bike import BIKE
from tanpuhui.conformance.truth.bike_cases import Rides, edge_rides
from tanpuhui.conformance.truth.bus import BUS
from tanpuhui.conformance.truth.bus_cases import BusTrips, edge_bus_trips
from tanpuhui.conformance.truth.ev import EV
from tanpuhui.conformance.truth.ev_inventor import EvInventor
from tanpuhui.conformance.truth.expected import World, joined
from tanpuhui.conformance.truth.home import HOME
from tanpuhui.conformance.truth.home_inventor import HomeInventor
from tanpuhui.conformance.truth.links import InventedLink, listed
from tanpuhui.conformance.truth.pv import PV
from tanpuhui.conformance.truth.pv_inventor import PvInventor
from tanpuhui.conformance.truth.rail import RAIL
from tanpuhui.conformance.truth.rail_cases import MetroTrips, edge_metro_trips
from tanpuhui.conformance.truth.trip_inventor import TripInventor

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from random import Random

    from tanpuhui.conformance.truth.inventor import Inventor
    from tanpuhui.conformance.truth.record import Horizon

INVENTORS: Mapping[str, Inventor] = MappingProxyType(
    {
        PV: PvInventor(),
        BIKE: TripInventor(Rides, edge_rides),
        RAIL: TripInventor(MetroTrips, edge_metro_trips),
        BUS: TripInventor(BusTrips, edge_bus_trips),
        EV: EvInventor(),
        HOME: HomeInventor(),
    }
)


def of_schemes(schemes: Collection[str]) -> list[Inventor]:
    """The inventors of the claimed schemes, always in the same order."""
    return [inventor for scheme, inventor in INVENTORS.items() if scheme in schemes]


def ordinary(
    rng: Random, schemes: Collection[str], horizon: Horizon, count: int, links: Sequence[InventedLink]
) -> World:
    """So many due records of the claimed schemes, spread over these links."""
    chosen = of_schemes(schemes)
    shares = zip(chosen, _shares(count, len(chosen)), strict=True)
    made = (inventor.ordinary(rng, horizon, share, links) for inventor, share in shares if share)
    return World(links=listed(links)) + joined(made)


def _shares(count: int, among: int) -> list[int]:
    each, rest = divmod(count, among)
    return [each + (index < rest) for index in range(among)]
