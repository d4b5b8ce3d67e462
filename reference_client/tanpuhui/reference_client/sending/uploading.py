"""How records travel by upload: as which lines, in which coding, and how their job is followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.reference_client.keeping.entry import BATCHED
from tanpuhui.reference_client.sending.packing import GZIP, Bounds

if TYPE_CHECKING:
    from tanpuhui.reference_client.calling.chance import Chance
    from tanpuhui.reference_client.calling.jobs import Job, ResultPage
    from tanpuhui.spec.limits import Limits, Times

_LINE_END = b"\n"
_WORTH_BATCHES = 10


class Uploading:
    """Keeps uploads within the advertised limits; each method is one decision (WRT-010 … WRT-012)."""

    def __init__(self, limits: Limits, chance: Chance) -> None:
        self.limits = limits
        self.chance = chance

    def is_worth(self, waiting: int) -> bool:
        """Whether so many records had better go by upload, where nobody said how."""
        return waiting > _WORTH_BATCHES * self.limits.batch_max_records

    def coding(self) -> str | None:
        """How the file is compressed: gzip, zstd or not at all."""
        return GZIP

    def bounds(self) -> Bounds:
        """The most that one upload holds."""
        limits = self.limits
        return Bounds(
            limits.upload_max_records,
            limits.upload_max_bytes,
            limits.upload_unpacked_max_bytes,
            limits.upload_unpacked_max_ratio,
        )

    def line(self, record: bytes) -> bytes:
        """A record as one line."""
        return record + _LINE_END

    def fits_a_line(self, line: bytes) -> bool:
        """Whether a line is short enough; a record that makes a longer one travels in a batch."""
        return len(line) - len(_LINE_END) <= self.limits.line_max_bytes

    def idempotency_key(self) -> str:
        """A key for one upload and no other (CAL-001)."""
        return self.chance.token()

    def pause(self, asked: float | None, times: Times) -> float:
        """Seconds until the job is looked at again: as asked, and never less than advertised (CAL-004)."""
        return max(asked or 0.0, times.job_poll_seconds, times.retry_first_seconds)

    def is_over(self, job: Job) -> bool:
        """Whether the job need not be looked at any more (WRT-011)."""
        return job.finished

    def following(self, page: ResultPage) -> str | None:
        """Where the results go on; none after the last page (WRT-011)."""
        return page.next

    def sent_again(self, state: str) -> bool:
        """Whether a record in this state goes into a new upload after its job failed: if it was not judged (WRT-012)."""
        return state == BATCHED

    def is_hopeless(self, job: Job) -> bool:
        """Whether the same file would fail again: what stopped the job is for good, before anything was judged (CAL-005)."""
        stopped = job.problem is not None and not job.problem.get("retryable", True)
        return stopped and not job.totals.submitted
