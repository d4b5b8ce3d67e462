"""The platform's clock jumps while the scenario waits: only the platform's time counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.driving.put_off import put_off
from tanpuhui.conformance.scene import scene

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage

JUMPS_HOURS = (1.0, -0.5)


@scene("clock_jump")
def clock_jump(stage: Stage) -> None:
    """时钟跳变：等待重发时平台时间先前进一小时，再后退半小时 / Clock jumps: while it waits, time goes on an hour, later back by half."""
    stage.open(stage.ordinary(2), times={"token_life_seconds": 86_400})
    for hours in JUMPS_HOURS:
        with put_off(stage, 1):
            stage.advance(hours=hours)
        stage.settled()
        stage.load(stage.ordinary(2))
    stage.report()
    stage.settled()
