"""A job that stops half-way: what it judged stays judged, the rest was never looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.claims import UPLOADS
from tanpuhui.conformance.driving.armoury import UPLOAD, fault
from tanpuhui.conformance.driving.testbed import BY_UPLOADS
from tanpuhui.conformance.scene import scene

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage

RECORDS, JUDGED, PAGE = 20, 11, 4


@scene("upload_failed_job", needs=(UPLOADS,))
def upload_failed_job(stage: Stage) -> None:
    """任务失败：判完一半时中止，已判的有效 / A failed job: it stops half-way, and what it judged stands."""
    stage.open(stage.ordinary(RECORDS), limits={"results_page_max_items": PAGE})
    stage.arm(fault("break_job", UPLOAD, after_lines=JUDGED))
    for _ in range(2):
        stage.report(BY_UPLOADS)
        stage.settled()
    stage.expect_fired()
