"""The turn of the year: midnight, month, year and a parameter set at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.scene import scene
from tanpuhui.conformance.truth.bike import BIKE, rides_world
from tanpuhui.conformance.truth.bike_cases import Rides, midnight_rides
from tanpuhui.conformance.truth.expected import World
from tanpuhui.conformance.truth.links import invent_link
from tanpuhui.conformance.truth.pv import PV, plants_world
from tanpuhui.conformance.truth.pv_cases import Plants, calendar_plant
from tanpuhui.spec.business_time import SHANGHAI, business_day

if TYPE_CHECKING:
    from tanpuhui.conformance.stage import Stage

BODY_MAX_BYTES = 2500
"""Room for a few records: the advertised size of a body binds before that of a batch."""


@scene("year_end")
def year_end(stage: Stage) -> None:
    """跨年：年末年初的活动，正文上限很小 / The turn of the year: its last and first moments, in small bodies."""
    new_year = datetime(int(stage.props.edition.split(".")[0]), 1, 1, tzinfo=SHANGHAI)
    stage.play_at(new_year + timedelta(days=stage.rng.randrange(3, 20), hours=stage.rng.randrange(9, 17)))
    link, world = invent_link(stage.rng, stage.now), World()
    if PV in stage.schemes:
        plants = Plants(stage.rng, stage.horizon, link)
        world += plants_world([calendar_plant(plants, business_day(new_year))], stage.horizon)
    if BIKE in stage.schemes:
        rides = midnight_rides(Rides(stage.rng, stage.horizon), link, new_year)
        world += rides_world(tuple(rides), stage.horizon)
    stage.open(world, limits={"body_max_bytes": BODY_MAX_BYTES})
    stage.report()
    stage.settled()
