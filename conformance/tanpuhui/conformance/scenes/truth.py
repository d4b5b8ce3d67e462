"""Invented data with every edge that the law draws, at the turn of a month on which parameter sets change."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.scene import scene
from tanpuhui.conformance.truth.bike import BIKE, rides_world
from tanpuhui.conformance.truth.bike_cases import edge_rides
from tanpuhui.conformance.truth.expected import World
from tanpuhui.conformance.truth.pv import PV, plants_world
from tanpuhui.conformance.truth.pv_cases import edge_plants
from tanpuhui.spec.business_time import SHANGHAI, business_day
from tanpuhui.spec.methodology import methodologies

if TYPE_CHECKING:
    from tanpuhui.conformance.stage import Stage

LATE_WINDOW_DAYS = 25
"""Advertised shorter than the law's default, so that a typed-in window shows."""


@scene("truth")
def truth(stage: Stage) -> None:
    """虚构数据：各种边界，判定方知道每条应报什么 / Invented data with every edge; the judge knows what each must become."""
    turn = _turn(stage.schemes)
    stage.play_at(turn + timedelta(days=stage.rng.randrange(13, 20), hours=stage.rng.randrange(9, 16)))
    stage.late_window_days = LATE_WINDOW_DAYS
    stage.open(_edges(stage, turn))
    stage.report()
    stage.settled()


def _edges(stage: Stage, turn: datetime) -> World:
    world = World()
    if PV in stage.schemes:
        world += plants_world(edge_plants(stage.rng, stage.horizon, business_day(turn)), stage.horizon)
    if BIKE in stage.schemes:
        world += rides_world(edge_rides(stage.rng, stage.horizon, turn), stage.horizon)
    return world


def _turn(schemes: tuple[str, ...]) -> datetime:
    """The latest instant at which a claimed scheme's parameter set follows another."""
    turns = (
        later.valid_from.astimezone(SHANGHAI)
        for methodology in methodologies()
        if methodology.scheme in schemes
        for later in methodology.parameter_sets[1:]
    )
    return max(turns, default=datetime(2026, 7, 1, tzinfo=SHANGHAI))
