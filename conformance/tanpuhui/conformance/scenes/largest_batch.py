"""More than the largest batch: one full batch of a thousand records, and the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.claims import DAILY
from tanpuhui.conformance.scene import scene
from tanpuhui.spec.limits import default_limits

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage

REST = 5
BODY_MAX_BYTES = 4 * 1024 * 1024
"""So that the number of records binds, however a scenario spells them."""

# a thousand records of months would be a thousand meters, each to be registered first


@scene("largest_batch", needs=(DAILY,))
def largest_batch(stage: Stage) -> None:
    """最大的批次：一批一千条，另有几条 / The largest batch: a thousand records in one, and a few more."""
    world = stage.many(default_limits().batch_max_records + REST)
    stage.open(world, limits={"body_max_bytes": BODY_MAX_BYTES})
    stage.report()
    stage.settled()
