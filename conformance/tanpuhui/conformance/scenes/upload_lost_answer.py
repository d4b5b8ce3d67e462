"""Uploads whose 202 never arrives, and one whose 202 is not the platform's: the job is there, the scenario cannot know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.claims import UPLOADS
from tanpuhui.conformance.driving.armoury import UPLOAD, fault
from tanpuhui.conformance.driving.testbed import BY_UPLOADS
from tanpuhui.conformance.scene import scene

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage


@scene("upload_lost_answer", needs=(UPLOADS,))
def upload_lost_answer(stage: Stage) -> None:
    """上传的应答丢失，重发后回执又无效 / The answer to an upload is lost, and the next one has a broken receipt."""
    stage.open(stage.ordinary(12))
    stage.arm(fault("lose_answer", UPLOAD), fault("break_receipt", UPLOAD))
    stage.report(BY_UPLOADS)
    stage.settled()
    stage.expect_fired()
