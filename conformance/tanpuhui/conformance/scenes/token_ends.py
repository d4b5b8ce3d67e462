"""Tokens end: revoked before their time, and outlived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.driving.armoury import fault
from tanpuhui.conformance.scene import scene

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage

LIFE_SECONDS = 240


@scene("token_ends")
def token_ends(stage: Stage) -> None:
    """令牌失效：一次被平台撤销，一次过了有效期 / Tokens end: one revoked by the platform, one outlived."""
    world = stage.ordinary(6)
    stage.open(world, limits={"batch_max_records": 3}, times={"token_life_seconds": LIFE_SECONDS})
    stage.arm(fault("expire_token"))
    stage.report()
    stage.settled()
    stage.expect_fired()
    stage.advance(seconds=2 * LIFE_SECONDS)
    stage.load(stage.ordinary(2))
    stage.report()
    stage.settled()
