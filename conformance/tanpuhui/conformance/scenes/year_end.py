"""The turn of the year: midnight, month, year and a parameter set at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.scene import scene
from tanpuhui.conformance.truth.links import invent_link
from tanpuhui.spec.business_time import SHANGHAI

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage

BODY_MAX_BYTES = 2500
"""Room for a few records: the advertised size of a body binds before that of a batch."""


@scene("year_end")
def year_end(stage: Stage) -> None:
    """跨年：年末年初的活动，正文上限很小 / The turn of the year: its last and first moments, in small bodies."""
    new_year = datetime(int(stage.props.edition.split(".")[0]), 1, 1, tzinfo=SHANGHAI)
    stage.play_at(new_year + timedelta(days=stage.rng.randrange(3, 20), hours=stage.rng.randrange(9, 17)))
    world = stage.turn_of_year(invent_link(stage.rng, stage.now), new_year)
    stage.open(world, limits={"body_max_bytes": BODY_MAX_BYTES})
    stage.report()
    stage.settled()
