"""Few records an upload, and one upload that the platform takes for too large all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.claims import UPLOADS
from tanpuhui.conformance.driving.armoury import UPLOAD, fault
from tanpuhui.conformance.driving.testbed import BY_UPLOADS
from tanpuhui.conformance.scene import scene

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage

RECORDS, MOST = 16, 8


@scene("upload_too_large", needs=(UPLOADS,))
def upload_too_large(stage: Stage) -> None:
    """上传过大：每次至多 8 条，第一次得到 413 / Too large: at most 8 records an upload, and the first is answered by 413."""
    stage.open(stage.ordinary(RECORDS), limits={"upload_max_records": MOST})
    stage.arm(fault("answer", UPLOAD, status=413, problem="limit-exceeded"))
    for _ in range(2):
        stage.report(BY_UPLOADS)
        stage.settled()
    stage.expect_fired()
