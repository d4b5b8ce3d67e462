"""Activities on given days of one link, for scenes in which the link changes between them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.truth.bike import BIKE, rides_world
from tanpuhui.conformance.truth.bike_cases import Rides
from tanpuhui.conformance.truth.expected import World
from tanpuhui.conformance.truth.pv import PV, plants_world
from tanpuhui.conformance.truth.pv_cases import Plants
from tanpuhui.spec.business_time import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from random import Random

    from tanpuhui.conformance.truth.links import InventedLink
    from tanpuhui.conformance.truth.record import Horizon

_MORNING = timedelta(hours=8, minutes=30)


def on_days(
    rng: Random, schemes: Collection[str], horizon: Horizon, link: InventedLink, days: Sequence[date]
) -> World:
    """One activity of each claimed scheme per day, all of them started before noon."""
    world = World()
    if PV in schemes:
        plants = Plants(rng, horizon, link)
        world += plants_world(
            [plants.plant("连通变化前后 / around a change of the link", plants.days(days))], horizon
        )
    if BIKE in schemes:
        rides = Rides(rng, horizon)
        label = "连通变化前后 / around a change of the link"
        made = (rides.ride(label, link, midnight(day) + _MORNING, 900) for day in days)
        world += rides_world(tuple(made), horizon)
    return world


def noon(day: date) -> datetime:
    """Noon of a Shanghai day."""
    return midnight(day) + timedelta(hours=12)


def midnight(day: date) -> datetime:
    """The begin of a Shanghai day."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
