"""Jobs: how far each is, and its verdicts line by line (WRT-013)."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tanpuhui.mock_platform.interface.answer import Answer, Refused, json_answer
from tanpuhui.mock_platform.interface.paging import next_page, wanted_page
from tanpuhui.mock_platform.state.jobs import one_job, page_of_results
from tanpuhui.spec.business_time import instant_text
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from tanpuhui.mock_platform.interface.call import Call
    from tanpuhui.mock_platform.state.jobs import Job
    from tanpuhui.mock_platform.state.tenant import Tenant


def get_job(call: Call) -> Answer:
    """读取任务的进展 / Read how far a job is."""
    return job_answer(call.tenant, _kept(call))


def list_job_results(call: Call) -> Answer:
    """逐行读取任务的结论 / Read a job's verdicts line by line."""
    job = _kept(call)
    page = wanted_page(call, "verdicts", most=call.tenant.limits.results_page_max_items)
    rows = page_of_results(call.connection, call.tenant.id, job.id, page.after, page.size + 1)
    verdicts = b",".join(verdict for _, verdict in rows[: page.size])
    tail = dump_json(next_page(call, page, [line for line, _ in rows]))
    return Answer(200, b'{"verdicts":[' + verdicts + (b"]," if tail != b"{}" else b"]") + tail[1:])


def job_answer(tenant: Tenant, job: Job, *, status: int = 200) -> Answer:
    """The answer that shows a job; until it has ended it says when to look again (WRT-011)."""
    wait = math.ceil(tenant.times.job_poll_seconds)
    headers = (("retry-after", str(wait)),) if job.open else ()
    return json_answer(shown_job(tenant, job), status=status, headers=headers)


def shown_job(tenant: Tenant, job: Job) -> dict[str, Any]:
    """A job as the scenario may read it."""
    shown: dict[str, Any] = {
        "job_id": job.id,
        "state": job.state,
        "submitted_at": instant_text(job.submitted_at),
        "totals": dict(job.totals),
        "results": f"{job_address(tenant, job.id)}/results",
    }
    shown |= {} if job.finished_at is None else {"finished_at": instant_text(job.finished_at)}
    return shown | ({} if job.problem is None else {"problem": dict(job.problem)})


def job_address(tenant: Tenant, job_id: str) -> str:
    """Where a job is read."""
    return f"{tenant.issuer}/v1/jobs/{job_id}"


def _kept(call: Call) -> Job:
    job = one_job(call.connection, call.tenant.id, call.parameters["job_id"])
    oldest = call.now - timedelta(days=call.tenant.times.job_keep_days)
    if job is None or (job.finished_at is not None and job.finished_at < oldest):
        raise Refused("not-found")
    return job
