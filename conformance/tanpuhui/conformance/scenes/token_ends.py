"""Tokens end: revoked before their time, and outlived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.driving.armoury import fault
from tanpuhui.conformance.scene import scene

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage

LIFE_SECONDS = 60
"""No longer than a reserve that some keep, so that a time that was typed in shows."""

REVOKED = 3
"""Several in a row: of the tokens that take their place some are asked for within one second."""


@scene("token_ends")
def token_ends(stage: Stage) -> None:
    """令牌失效：有效期一分钟，接连几次被平台撤销，一次过期 / Tokens of a minute end: some revoked in a row, one outlived."""
    world = stage.ordinary(6)
    stage.open(world, limits={"batch_max_records": 3}, times={"token_life_seconds": LIFE_SECONDS})
    stage.arm(fault("expire_token", times=REVOKED))
    stage.report()
    stage.settled()
    stage.expect_fired()
    stage.advance(seconds=2 * LIFE_SECONDS)
    stage.load(stage.ordinary(2))
    stage.report()
    stage.settled()
