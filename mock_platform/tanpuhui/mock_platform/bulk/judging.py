"""Judges the lines of an upload as a batch's records are judged, a stretch in each transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tanpuhui.mock_platform.handlers.sitting import REJECTED, Sitting
from tanpuhui.mock_platform.handlers.uploads import UPLOAD
from tanpuhui.mock_platform.handlers.verdicts import ground
from tanpuhui.mock_platform.interface.call import Call
from tanpuhui.mock_platform.interface.exchange import Exchange
from tanpuhui.mock_platform.interface.routing import find_route
from tanpuhui.mock_platform.state import journal
from tanpuhui.mock_platform.state.faults import ON_JOBS, any_armed, strike
from tanpuhui.mock_platform.state.jobs import (
    QUEUED,
    RUNNING,
    Job,
    change_job,
    keep_results,
    next_job,
    one_job,
)
from tanpuhui.mock_platform.state.spool import forget_parts
from tanpuhui.spec.message import HttpRequest
from tanpuhui.spec.problem import PlaceError, problem_body

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.bulk.reading import Line, Stretch
    from tanpuhui.mock_platform.running import Platform
    from tanpuhui.mock_platform.state.faults import Fault
    from tanpuhui.mock_platform.state.tenant import Tenant

BREAK, SLOW = "break_job", "slow_job"


@dataclass(frozen=True, slots=True)
class Docket:
    """The jobs of one tenant."""

    platform: Platform
    tenant: str

    def take_up(self, connection: Connection) -> tuple[Tenant, Job] | None:
        """The job whose turn it is, running from now on, with the fault that strikes it."""
        tenant = self.platform.tenants.get(self.tenant)
        job = None if tenant is None else next_job(connection, self.tenant)
        if tenant is None or job is None:
            return None
        if job.state == QUEUED:
            job = replace(job, state=RUNNING, fault=self._fault(connection, tenant, job))
            change_job(connection, self.tenant, job)
        return tenant, job

    def judge(self, connection: Connection, *, job: Job, stretch: Stretch) -> Job | None:
        """The job after these lines; None where it went on without us or is gone with its tenant."""
        tenant = self.platform.tenants.get(self.tenant)
        if tenant is None or one_job(connection, self.tenant, job.id) != job:
            return None
        call = _call(connection, tenant, job)
        verdicts = _verdicts(call, stretch.lines)
        if call.exchange.fault is not None:
            self._tell(connection, call.exchange.fault, job)
        keep_results(connection, self.tenant, job.id, verdicts)
        return self._advance(connection, job.advanced(verdicts), stretch)

    def give_up(self, connection: Connection, *, job_id: str) -> None:
        """End a job that cannot be judged for a mistake of our own; what was judged stays."""
        job = one_job(connection, self.tenant, job_id)
        if job is not None and job.open:
            self._end(connection, job.failed(self._now(), problem_body("internal", instance=_instance(job))))

    def _advance(self, connection: Connection, job: Job, stretch: Stretch) -> Job:
        now = self._now()
        problem = _problem(job, stretch)
        if problem is not None:
            job = job.failed(now, problem)
        elif stretch.ended:
            job = job.ended(now)
        if job.open:
            change_job(connection, self.tenant, job)
        else:
            self._end(connection, job)
        return job

    def _end(self, connection: Connection, job: Job) -> None:
        change_job(connection, self.tenant, job)
        forget_parts(connection, self.tenant, job.id)
        journal.note(connection, self.tenant, "job_ended", self._now(), job=job.id, state=job.state)

    def _fault(self, connection: Connection, tenant: Tenant, job: Job) -> dict[str, Any] | None:
        fault = strike(connection, tenant.id, UPLOAD, ON_JOBS)
        if fault is None:
            return None
        self._tell(connection, fault, job)
        return {"kind": fault.kind, **fault.details}

    def _tell(self, connection: Connection, fault: Fault, job: Job) -> None:
        journal.note(connection, self.tenant, "fault_fired", self._now(), **fault.as_note(), job=job.id)

    def _now(self) -> datetime:
        tenant = self.platform.tenants.get(self.tenant)
        return self.platform.tenants.wall() if tenant is None else self.platform.tenants.now(tenant)


def lines_left(job: Job, line: int, most: int) -> int:
    """How many lines may be judged from this one on: no more than a fault lets pass."""
    return min(most, job.fault["after_lines"] - line) if _breaks(job) and job.fault else most


def _breaks(job: Job) -> bool:
    return job.fault is not None and job.fault["kind"] == BREAK


def _problem(job: Job, stretch: Stretch) -> dict[str, Any] | None:
    """What ends the job before its lines do, as the problem that it shows."""
    instance = _instance(job)
    if stretch.broken is not None:
        return problem_body(stretch.broken.code, instance=instance, detail=str(stretch.broken))
    if _breaks(job) and job.fault and job.judged >= job.fault["after_lines"]:
        return problem_body(job.fault.get("problem", "internal"), instance=instance)
    if stretch.ended and not job.judged:
        detail = "应至少有一行 / shall have at least one line"
        return problem_body(
            "schema-violation", instance=instance, detail=detail, errors=[PlaceError("", "minItems", detail)]
        )
    return None


def _instance(job: Job) -> str:
    return f"urn:uuid:{job.id.removeprefix('job_')}"


def _verdicts(call: Call, lines: Sequence[Line]) -> list[dict[str, Any]]:
    sitting = Sitting.of(call, [line.opinion for line in lines if line.opinion is not None])
    verdicts = [
        {
            "index": line.index,
            **(_unread(line.flaw) if line.opinion is None else sitting.verdict(line.opinion)),
        }
        for line in lines
    ]
    sitting.close()
    return verdicts


def _unread(flaw: str) -> dict[str, Any]:
    return {"record_id": None, "verdict": REJECTED, "reasons": [{**ground("line-invalid"), "detail": flaw}]}


def _call(connection: Connection, tenant: Tenant, job: Job) -> Call:
    """The upload as if it were made now: the records were received when it was."""
    request = HttpRequest("POST", f"{tenant.issuer}/v1/uploads")
    route = find_route(request.method, "/v1/uploads")
    exchange = Exchange(tenant, request, route, job.submitted_at, job.id)
    exchange.faults_armed = any_armed(connection, tenant.id, UPLOAD)
    return Call(connection, exchange, job.submitted_at, lambda: job.id, {}, None)
