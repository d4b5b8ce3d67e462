"""任务结论的缺陷 / Sins against clause 9: what the jobs of uploads say, taken for more than it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.sending.bulk import BulkReporting
from tanpuhui.reference_client.sending.reporting import Reporting
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tanpuhui.reference_client.calling.answers import RecordVerdict
    from tanpuhui.reference_client.calling.jobs import Job
    from tanpuhui.reference_client.keeping.entry import OpenBatch
    from tanpuhui.reference_client.sending.uploading import Uploading

ACCEPTED, SUCCEEDED = "accepted", "succeeded"
FINISHED = frozenset({SUCCEEDED, "partially_succeeded"})


class _Trusting(BulkReporting):
    """Takes every line of a job that ended in one of these states for accepted."""

    def __init__(self, usual: BulkReporting, states: frozenset[str], saw: Callable[[], None]) -> None:
        super().__init__(usual.desk, usual.client, usual.around, usual.settling)
        self.states, self.saw = states, saw
        self.trusted = False

    def take(self, batch: OpenBatch, job: Job, uploading: Uploading) -> None:
        """Every verdict of the job."""
        self.trusted = job.state in self.states
        super().take(batch, job, uploading)

    def settle(self, batch: OpenBatch, verdicts: Iterable[RecordVerdict], taken: int) -> None:
        """Those of one page."""
        super().settle(batch, map(self._believed, verdicts) if self.trusted else verdicts, taken)

    def _believed(self, verdict: RecordVerdict) -> RecordVerdict:
        if verdict.verdict == ACCEPTED:
            return verdict
        self.saw()
        return replace(verdict, verdict=ACCEPTED, reasons=())


@breaks("WRT-014", "tells-content-and-current-verdict", scene="upload_verdicts")
class TakesSuccessForAcceptance(Witnessed, Reporting):
    """任务成功就当作每行都已接受，暂存的也算 / Takes all lines of a job that succeeded for accepted, held ones too."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.bulk = _Trusting(self.bulk, frozenset({SUCCEEDED}), self.fired)


@breaks("WRT-015", "sums-equal-the-records", scene="upload_verdicts")
class CountsEveryLineOfAJob(Witnessed, Reporting):
    """任务判完就把每行都计入减排量 / Counts the reduction of every line of a job that was judged to its end."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.bulk = _Trusting(self.bulk, FINISHED, self.fired)
