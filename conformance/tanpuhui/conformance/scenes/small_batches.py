"""Small limits: what is advertised must be read, not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.scene import scene

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage


@scene("small_batches")
def small_batches(stage: Stage) -> None:
    """限值很小：每批至多 7 条、每页至多 3 条 / Small limits: at most 7 records a batch and 3 items a page."""
    world = stage.ordinary(24, stage.links(8))
    stage.open(world, limits={"batch_max_records": 7, "page_max_items": 3})
    stage.report()
    stage.settled()
