"""Bulk uploads: the body is stored as it came and answered by 202; judging follows (WRT-010)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tanpuhui.mock_platform.handlers.jobs import job_address, job_answer
from tanpuhui.mock_platform.interface.answer import Answer, Refused
from tanpuhui.mock_platform.interface.unpacking import Unreadable, unpacked
from tanpuhui.mock_platform.state.jobs import QUEUED, Job, forget_jobs, submit_job
from tanpuhui.mock_platform.state.spool import keep_parts
from tanpuhui.spec.problem import PlaceError

if TYPE_CHECKING:
    from tanpuhui.mock_platform.interface.call import Call
    from tanpuhui.mock_platform.state.spool import Coding

UPLOAD = "submitUpload"


def submit_upload(call: Call) -> Answer:
    """批量上传活动记录 / Upload activity records in bulk."""
    _require_readable(call, call.body)
    forget_jobs(call.connection, call.tenant.id, call.now - timedelta(days=call.tenant.times.job_keep_days))
    job_id = f"job_{call.new_id()}"
    size = keep_parts(call.connection, call.tenant.id, job_id, call.exchange.request.pieces())
    job = Job(job_id, QUEUED, call.body, size, call.now)
    submit_job(call.connection, call.tenant.id, job)
    answer = job_answer(call.tenant, job, status=202)
    return replace(answer, headers=(("location", job_address(call.tenant, job.id)), *answer.headers))


def _require_readable(call: Call, coding: Coding) -> None:
    """What shows at the very beginning of a body is refused at once; the rest is the job's to find."""
    if not call.exchange.request.has_body:
        raise Refused("schema-violation", [PlaceError("", "minItems", _NO_LINE)], detail=_NO_LINE)
    limits = call.tenant.limits
    try:
        next(unpacked(call.exchange.request.pieces(), coding, limits.upload_unpacked_max_bytes), None)
    except Unreadable as broken:
        raise Refused(broken.code, detail=str(broken)) from None


_NO_LINE = "应至少有一行 / shall have at least one line"
