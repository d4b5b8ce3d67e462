"""Uploads that the advertised limits keep small, some with a line that fares otherwise, and the scenario's own account of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.claims import UPLOADS
from tanpuhui.conformance.driving.armoury import UPLOAD, fault
from tanpuhui.conformance.driving.perusal import RECORDS, SUMMARIES, Perusal
from tanpuhui.conformance.driving.testbed import BY_UPLOADS
from tanpuhui.conformance.scene import scene

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage

LINES, UPLOAD_MAX_BYTES = 16, 1600


@scene("upload_verdicts", needs=(UPLOADS,))
def upload_verdicts(stage: Stage) -> None:
    """上传的结论不一：正文上限很小，一行被拒绝，一行暂存，平台随后读取 / Mixed verdicts of small uploads, then read back."""
    world = stage.ordinary(LINES)
    stage.open(world, limits={"upload_max_bytes": UPLOAD_MAX_BYTES})
    stage.arm(
        fault("verdict", UPLOAD, verdict="rejected", code="quality-rule"),
        fault("verdict", UPLOAD, verdict="held", code="quality-rule"),
    )
    for _ in range(2):
        stage.report(BY_UPLOADS)
        stage.settled()
    stage.expect_fired()
    perusal = Perusal.at(stage)
    days = sorted({str(expected.record["business_day"]) for expected in world.due})
    for day in days:
        perusal.read(RECORDS, {"business_day": day})
    perusal.read(SUMMARIES, {"from": days[0], "to": days[-1]})
