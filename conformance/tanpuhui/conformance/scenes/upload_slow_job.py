"""A job that takes its time, and a platform that wants to be left alone meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.claims import UPLOADS
from tanpuhui.conformance.driving.armoury import UPLOAD, fault
from tanpuhui.conformance.driving.testbed import BY_UPLOADS
from tanpuhui.conformance.scene import scene

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage

JOB_SECONDS = 2.5


@scene("upload_slow_job", needs=(UPLOADS,))
def upload_slow_job(stage: Stage) -> None:
    """任务缓慢：上传先得到 503，查询时得到 429，一页结论的应答丢失 / A slow job: 503 first, 429 to a look, a page of verdicts lost."""
    stage.open(stage.ordinary(12))
    stage.arm(
        fault("answer", UPLOAD, status=503, problem="maintenance", retry_after=1),
        fault("slow_job", UPLOAD, seconds=JOB_SECONDS),
        fault("answer", "getJob", status=429, problem="rate-limited", retry_after=1),
        fault("lose_answer", "listJobResults"),
    )
    stage.report(BY_UPLOADS)
    stage.settled()
    stage.expect_fired()
