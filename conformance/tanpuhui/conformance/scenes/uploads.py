"""The plainest uploads: a few hundred records, more than may be decoded at once, and verdicts on several pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.claims import UPLOADS
from tanpuhui.conformance.driving.testbed import BY_UPLOADS
from tanpuhui.conformance.scene import scene

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage

RECORDS, PAGE = 240, 100
UNPACKED_MAX_BYTES = 100_000
"""Room for most of the records as they are, and for all of them many times over as they are sent."""


@scene("uploads", needs=(UPLOADS,))
def uploads(stage: Stage) -> None:
    """批量上传：数百条记录，解压后上限很小，结论分数页 / A few hundred records, little room when decoded, verdicts on several pages."""
    stage.open(
        stage.many(RECORDS),
        limits={"results_page_max_items": PAGE, "upload_unpacked_max_bytes": UNPACKED_MAX_BYTES},
    )
    for _ in range(2):
        stage.report(BY_UPLOADS)
        stage.settled()
