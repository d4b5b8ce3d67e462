"""Invented data with every edge that the law draws, at the turn of a month on which parameter sets change."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.scene import scene
from tanpuhui.conformance.truth.turns import latest_turn

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage

LATE_WINDOW_DAYS = 25
"""Advertised shorter than the law's default, so that a typed-in window shows."""


@scene("truth")
def truth(stage: Stage) -> None:
    """虚构数据：各种边界，判定方知道每条应报什么 / Invented data with every edge; the judge knows what each must become."""
    turn = latest_turn(stage.schemes)
    stage.play_at(turn + timedelta(days=stage.rng.randrange(13, 20), hours=stage.rng.randrange(9, 16)))
    stage.late_window_days = LATE_WINDOW_DAYS
    stage.open(stage.edges(turn))
    stage.report()
    stage.settled()
