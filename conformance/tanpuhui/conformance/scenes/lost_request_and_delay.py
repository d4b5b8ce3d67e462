"""Requests that never arrive, and answers that come when nobody waits for them any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.driving.armoury import fault
from tanpuhui.conformance.scene import scene

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage

TIMEOUT_SECONDS, DELAY_SECONDS = 0.5, 0.9


@scene("lost_request_and_delay")
def lost_request_and_delay(stage: Stage) -> None:
    """请求丢失与应答迟到：一次没有到达，一次超过时限才应答 / A request lost, and an answer that comes after the time-out."""
    world = stage.ordinary(8)
    stage.open(world, limits={"batch_max_records": 4}, times={"request_timeout_seconds": TIMEOUT_SECONDS})
    stage.arm(fault("lose_request"), fault("delay", seconds=DELAY_SECONDS))
    stage.report()
    stage.settled()
    stage.expect_fired()
