"""Households over two months: between them the parameters change, and a meter, and certificates."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.scene import scene
from tanpuhui.conformance.truth.calendar import midnight_of, month_after
from tanpuhui.conformance.truth.home import HOME
from tanpuhui.conformance.truth.home_months import households_over
from tanpuhui.conformance.truth.turns import latest_turn
from tanpuhui.conformance.truth.world import world_of
from tanpuhui.spec.business_time import business_day

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage

LATE_WINDOW_DAYS = 60
"""Advertised longer than the law's default, so that both months can still be reported."""


@scene("two_months", needs=(HOME,))
def two_months(stage: Stage) -> None:
    """相邻两月：其间参数、电能表和校验证书都有变更 / Two months, between which parameters, a meter and certificates change."""
    turn = business_day(latest_turn((HOME,)))
    ended = midnight_of(month_after(turn))
    stage.play_at(ended + timedelta(days=stage.rng.randrange(2, 9), hours=stage.rng.randrange(9, 16)))
    stage.late_window_days = LATE_WINDOW_DAYS
    stage.open(world_of(households_over(stage.rng, stage.horizon, turn), stage.horizon))
    stage.report()
    stage.settled()
