"""Refused for now, without a word on when to come back: the advertised back-off rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.driving.armoury import fault
from tanpuhui.conformance.scene import scene

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage


@scene("back_off")
def back_off(stage: Stage) -> None:
    """退避：连续 503 与 500，没有 Retry-After / Back-off: several 503 and 500 in a row, without Retry-After."""
    stage.open(stage.ordinary(4))
    stage.arm(
        fault("answer", status=503, problem="maintenance", times=3),
        fault("answer", status=500, problem="internal", times=2),
    )
    stage.report()
    stage.settled()
    stage.expect_fired()
