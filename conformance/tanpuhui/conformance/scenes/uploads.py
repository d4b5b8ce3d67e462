"""The plainest upload: a few hundred records in one file, and verdicts on several pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.claims import UPLOADS
from tanpuhui.conformance.driving.testbed import BY_UPLOADS
from tanpuhui.conformance.scene import scene

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage

RECORDS, PAGE = 240, 100


@scene("uploads", needs=(UPLOADS,))
def uploads(stage: Stage) -> None:
    """批量上传：数百条记录，结论分数页 / An upload of a few hundred records, its verdicts on several pages."""
    stage.open(stage.many(RECORDS), limits={"results_page_max_items": PAGE})
    for _ in range(2):
        stage.report(BY_UPLOADS)
        stage.settled()
