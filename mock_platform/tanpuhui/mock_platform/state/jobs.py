"""Jobs of bulk uploads: in order, each with how far it came, and the verdicts line by line (WRT-013)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from tanpuhui.mock_platform.state.clock import instant, micros
from tanpuhui.mock_platform.state.columns import number, tenant_key, text
from tanpuhui.mock_platform.state.records import VERDICTS
from tanpuhui.mock_platform.state.schema import SCHEMA
from tanpuhui.mock_platform.state.spool import SPOOL
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from tanpuhui.mock_platform.state.spool import Coding

QUEUED, RUNNING, FAILED = "queued", "running", "failed"
SUCCEEDED, PARTIALLY_SUCCEEDED = "succeeded", "partially_succeeded"

JOBS = Table(
    "jobs",
    SCHEMA,
    tenant_key(),
    text("job_id", key=True),
    number("position"),
    text("state"),
    text("coding"),
    number("size"),
    number("submitted_at"),
    Column("finished_at", BigInteger),
    *(Column(word, Integer, nullable=False) for word in ("submitted", *VERDICTS)),
    Column("problem", JSON(none_as_null=True)),
    Column("fault", JSON(none_as_null=True)),
    Index("jobs_in_order", "tenant", "position", unique=True),
)
RESULTS = Table(
    "job_results",
    SCHEMA,
    tenant_key(),
    text("job_id", key=True),
    number("line", key=True),
    Column("verdict", LargeBinary, nullable=False),
)
_EVERYTHING = (SPOOL, RESULTS, JOBS)


@dataclass(frozen=True, slots=True)
class Job:
    """One upload on its way through judgement; `totals` are the lines judged so far."""

    id: str
    state: str
    coding: Coding
    size: int
    submitted_at: datetime
    finished_at: datetime | None = None
    totals: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(("submitted", *VERDICTS), 0))
    problem: Mapping[str, Any] | None = None
    fault: Mapping[str, Any] | None = None

    @property
    def judged(self) -> int:
        """How many lines have their verdict."""
        return self.totals["submitted"]

    @property
    def open(self) -> bool:
        """Whether it has not ended."""
        return self.state in {QUEUED, RUNNING}

    def advanced(self, verdicts: Iterable[Mapping[str, Any]]) -> Job:
        """The job with these verdicts added to its totals."""
        totals = dict(self.totals)
        for verdict in verdicts:
            totals["submitted"] += 1
            totals[verdict["verdict"]] += 1
        return replace(self, totals=totals)

    def ended(self, now: datetime) -> Job:
        """The job when all its lines are judged."""
        state = PARTIALLY_SUCCEEDED if self.totals["rejected"] else SUCCEEDED
        return replace(self, state=state, finished_at=now)

    def failed(self, now: datetime, problem: Mapping[str, Any]) -> Job:
        """The job when it stops before the end; what was judged stays."""
        return replace(self, state=FAILED, finished_at=now, problem=problem)


def submit_job(connection: Connection, tenant: str, job: Job) -> None:
    """Put a new job at the end of the queue."""
    last = select(func.coalesce(func.max(JOBS.c.position), 0)).where(JOBS.c.tenant == tenant)
    position = int(connection.execute(last).scalar_one()) + 1
    row = {"tenant": tenant, "job_id": job.id, "position": position, **_values(job)}
    connection.execute(insert(JOBS), row)


def change_job(connection: Connection, tenant: str, job: Job) -> None:
    """Keep how the job stands now."""
    place = (JOBS.c.tenant == tenant, JOBS.c.job_id == job.id)
    connection.execute(update(JOBS).where(*place).values(**_values(job)))


def one_job(connection: Connection, tenant: str, job_id: str) -> Job | None:
    """The job of that id."""
    row = connection.execute(select(JOBS).filter_by(tenant=tenant, job_id=job_id)).first()
    return None if row is None else _job(row)


def next_job(connection: Connection, tenant: str) -> Job | None:
    """The first job that has not ended."""
    waiting = select(JOBS).where(JOBS.c.tenant == tenant, JOBS.c.state.in_((QUEUED, RUNNING)))
    row = connection.execute(waiting.order_by(JOBS.c.position).limit(1)).first()
    return None if row is None else _job(row)


def all_jobs(connection: Connection, tenant: str) -> list[Job]:
    """Every job in the order of submission."""
    return [
        _job(row) for row in connection.execute(select(JOBS).filter_by(tenant=tenant).order_by("position"))
    ]


def forget_jobs(connection: Connection, tenant: str, ended_before: datetime) -> None:
    """Let go of jobs that ended before that time, with their results."""
    old = select(JOBS.c.job_id).where(JOBS.c.tenant == tenant, JOBS.c.finished_at < micros(ended_before))
    ids = connection.execute(old).scalars().all()
    for table in _EVERYTHING if ids else ():
        connection.execute(delete(table).where(table.c.tenant == tenant, table.c.job_id.in_(ids)))


def keep_results(
    connection: Connection, tenant: str, job_id: str, verdicts: Sequence[Mapping[str, Any]]
) -> None:
    """Keep the verdicts on the next lines."""
    own = {"tenant": tenant, "job_id": job_id}
    rows = [{**own, "line": verdict["index"], "verdict": dump_json(verdict)} for verdict in verdicts]
    if rows:
        connection.execute(insert(RESULTS), rows)


def page_of_results(
    connection: Connection, tenant: str, job_id: str, after: int, size: int
) -> list[tuple[int, bytes]]:
    """The next verdicts with their lines, as JSON texts."""
    chosen = select(RESULTS.c.line, RESULTS.c.verdict).where(
        RESULTS.c.tenant == tenant, RESULTS.c.job_id == job_id, RESULTS.c.line > after
    )
    rows = connection.execute(chosen.order_by(RESULTS.c.line).limit(size))
    return [(row.line, row.verdict) for row in rows]


def _values(job: Job) -> dict[str, Any]:
    return {
        "state": job.state,
        "coding": job.coding,
        "size": job.size,
        "submitted_at": micros(job.submitted_at),
        "finished_at": None if job.finished_at is None else micros(job.finished_at),
        **job.totals,
        "problem": job.problem,
        "fault": job.fault,
    }


def _job(row: Row[Any]) -> Job:
    return Job(
        id=row.job_id,
        state=row.state,
        coding=row.coding,
        size=row.size,
        submitted_at=instant(row.submitted_at),
        finished_at=None if row.finished_at is None else instant(row.finished_at),
        totals={word: getattr(row, word) for word in ("submitted", *VERDICTS)},
        problem=row.problem,
        fault=row.fault,
    )
