"""A measured series of a real plant, brought to the time of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.scene import scene
from tanpuhui.conformance.truth.measured import measured_plant
from tanpuhui.conformance.truth.pv import PV
from tanpuhui.conformance.truth.world import world_of

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage


@scene("measured", needs=(PV, "measured"))
def measured(stage: Stage) -> None:
    """实测数据：一座电站的实测功率，由种子选定的若干日 / Measured data: a real plant's power on days that the seed chose."""
    if stage.measured is None:
        raise RuntimeError("the plan lets this scene play only with a measured series")
    stage.open(world_of([measured_plant(stage.measured, stage.rng, stage.horizon)], stage.horizon))
    stage.report()
    stage.settled()
