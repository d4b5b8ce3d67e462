"""Answers that get lost after the work is done: the scenario cannot know, and must ask again in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.driving.armoury import fault
from tanpuhui.conformance.scene import scene

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage


@scene("lost_answer")
def lost_answer(stage: Stage) -> None:
    """应答丢失：平台已处理，应答没有到达 / Lost answers: the platform has done its work, the answer never arrives."""
    world = stage.ordinary(8)
    stage.open(world, limits={"batch_max_records": 4})
    stage.arm(fault("lose_answer", times=2))
    stage.report()
    stage.settled()
    stage.expect_fired()
    stage.report()
    stage.settled()
