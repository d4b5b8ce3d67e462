"""Certificates are renewed between two reports: what the new one alone covers waits until the platform has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.claims import CALIBRATED
from tanpuhui.conformance.scene import scene
from tanpuhui.conformance.truth.calendar import midnight_of, month_after, shanghai_day
from tanpuhui.conformance.truth.expected import World
from tanpuhui.conformance.truth.renewals import Renewal

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage

LATE_WINDOW_DAYS = 60
"""Advertised longer than the law's default, so that what the old certificate covers can still be reported."""


@scene("device_renewals", needs=(CALIBRATED,))
def device_renewals(stage: Stage) -> None:
    """续证：旧证书到期后有新的活动，随后台账中才有新证书 / Renewals: a certificate ends, activities go on, and the new one comes after."""
    stage.late_window_days = LATE_WINDOW_DAYS
    turn = month_after(shanghai_day(stage.now).replace(day=1))
    renewal = Renewal.of(stage.rng, stage.schemes, stage.horizon, turn)
    stage.open(renewal.before(stage.horizon))
    stage.report()
    stage.settled()
    later = midnight_of(month_after(turn)) + timedelta(days=2, hours=stage.rng.randrange(9, 16))
    stage.advance(seconds=(later - stage.now).total_seconds())
    after = renewal.after(stage.horizon)
    for world in (replace(after, devices=()), World(devices=after.devices)):
        stage.load(world)
        stage.report()
        stage.settled()
