"""Batches in which one record fares otherwise than the rest: rejected, held, called a duplicate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.driving.armoury import fault
from tanpuhui.conformance.scene import scene

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage


@scene("verdicts")
def verdicts(stage: Stage) -> None:
    """结论不一：三批各有一条被拒绝、暂存、判为重复，应答丢失一次 / Mixed verdicts: in each batch one record differs; one answer is lost."""
    stage.open(stage.ordinary(12), limits={"batch_max_records": 4})
    stage.arm(
        fault("verdict", verdict="rejected", code="quality-rule"),
        fault("verdict", verdict="held", code="quality-rule"),
        fault("verdict", verdict="duplicate"),
        fault("lose_answer"),
    )
    for _ in range(2):
        stage.report()
        stage.settled()
    stage.load(stage.ordinary(4))
    stage.report()
    stage.settled()
    stage.expect_fired()
