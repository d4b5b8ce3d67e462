"""An answer whose signature is not the platform's: it might be anybody's, so it is no answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.driving.armoury import fault
from tanpuhui.conformance.scene import scene

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage


@scene("broken_receipt")
def broken_receipt(stage: Stage) -> None:
    """回执无效：应答内容正确，签名不对 / A broken receipt: the content is right, its signature is not."""
    stage.open(stage.ordinary(6), limits={"batch_max_records": 3})
    stage.arm(fault("break_receipt"))
    stage.report()
    stage.settled()
    stage.expect_fired()
