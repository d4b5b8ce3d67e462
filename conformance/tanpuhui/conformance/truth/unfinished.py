"""A day that has not ended when it is first looked at, and must be reported once it has (WRT-006, WRT-008)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tanpuhui.conformance.truth.ev import EV
from tanpuhui.conformance.truth.ev_cases import Cars
from tanpuhui.conformance.truth.plants import Plants
from tanpuhui.conformance.truth.pv import PV
from tanpuhui.conformance.truth.world import world_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import timedelta
    from random import Random

    from tanpuhui.conformance.truth.ev import Car
    from tanpuhui.conformance.truth.expected import World
    from tanpuhui.conformance.truth.links import InventedLink
    from tanpuhui.conformance.truth.pv import Plant
    from tanpuhui.conformance.truth.record import Horizon

_LABEL = "装入时尚未结束的一日 / a day that had not ended when it was loaded"


def today_so_far(
    rng: Random, schemes: Collection[str], horizon: Horizon, link: InventedLink, *, later: timedelta
) -> World:
    """What is known of today; nothing follows, so that the same is due when it is looked at so much later."""
    then = replace(horizon, now=horizon.now + later)
    return world_of(_made(rng, schemes, horizon, link), then)


def _made(
    rng: Random, schemes: Collection[str], horizon: Horizon, link: InventedLink
) -> Iterator[Plant | Car]:
    """A morning of readings, and the morning's trip; single activities have ended when they are known."""
    if PV in schemes:
        plants = Plants(rng, horizon, link)
        so_far = (it for it in plants.days([plants.today]) if it.start < horizon.now)
        yield plants.plant(_LABEL, so_far)
    if EV in schemes:
        cars = Cars(rng, horizon, link)
        yield cars.car(_LABEL, cars.days([cars.today], trips=1))
