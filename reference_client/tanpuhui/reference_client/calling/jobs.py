"""What the platform answers about uploads and their jobs (WRT-011, WRT-013)."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  # types are read at run time
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003
from typing import Any

from tanpuhui.reference_client.calling.answers import Receipt, RecordVerdict, Totals  # noqa: TC001


@dataclass(frozen=True, slots=True)
class Job:
    """How far the platform is with an upload; a failed one says why it stopped."""

    job_id: str
    state: str
    submitted_at: datetime
    totals: Totals
    results: str
    finished_at: datetime | None = None
    problem: Mapping[str, Any] | None = None

    @property
    def finished(self) -> bool:
        """Whether nothing more will be judged."""
        return self.state not in {"queued", "running"}


@dataclass(frozen=True, slots=True)
class Upload:
    """What came of sending an upload: its job, with the receipt for the bytes."""

    job: Job
    receipt: Receipt
    retry_after: float | None


@dataclass(frozen=True, slots=True)
class JobLook:
    """One look at a job, and how long the platform asks to wait before the next one."""

    job: Job
    retry_after: float | None


@dataclass(frozen=True, slots=True)
class ResultPage:
    """Some of a job's verdicts, in the order of the lines."""

    verdicts: tuple[RecordVerdict, ...]
    next: str | None = None
