"""Reporting by upload: freeze a file, hand it over, follow its job, take every verdict (WRT-010 … WRT-012)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.errors import InvalidAnswer, Refused, Text
from tanpuhui.reference_client.calling.notices import Judging
from tanpuhui.reference_client.calling.steps import FrozenFile, Pause
from tanpuhui.reference_client.keeping.uploads import Stretch
from tanpuhui.reference_client.sending.packing import Packing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from tanpuhui.reference_client.calling.answers import RecordVerdict
    from tanpuhui.reference_client.calling.jobs import Job, ResultPage, Upload
    from tanpuhui.reference_client.calling.steps import Steps
    from tanpuhui.reference_client.calling.surroundings import Surroundings
    from tanpuhui.reference_client.client import ScenarioClient
    from tanpuhui.reference_client.keeping.desk import Desk
    from tanpuhui.reference_client.keeping.entry import FrozenUpload, OpenBatch, Ready
    from tanpuhui.reference_client.sending.settling import Settling
    from tanpuhui.reference_client.sending.uploading import Uploading
    from tanpuhui.spec.limits import Times

UPLOAD = "submitUpload"
FAILED = "failed"
_NOT_FOUND = 404


class BulkReporting:
    """One upload from its first line to its last verdict; a crash at any point is taken up from the outbox."""

    def __init__(self, desk: Desk, client: ScenarioClient, around: Surroundings, settling: Settling) -> None:
        self.desk, self.client, self.around, self.settling = desk, client, around, settling
        self._fruitless = 0

    def freeze(
        self, uploading: Uploading, ready: Callable[[], Iterable[Ready]], as_sent: Callable[[Ready], bytes]
    ) -> bool:
        """Makes one upload of the records that are ready; False where none of them fits."""
        for coding in (uploading.coding(), None):
            path = self.desk.uploads.new_file(f"{self.around.chance.token()}.ndjson")
            with path.open("wb") as file:
                packing = Packing(file, coding, uploading.bounds())
                lines = ((item, uploading.line(as_sent(item))) for item in ready())
                stretch = _packed(packing, lines, uploading)
                digest = packing.end()
            if not packing.too_dense:
                break
        if not stretch.count:
            path.unlink()
            return False
        self.desk.uploads.freeze(FrozenFile(path, digest, coding), stretch, uploading.idempotency_key())
        return True

    def deliver(self, batch: OpenBatch, upload: FrozenUpload, uploading: Uploading) -> None:
        """Takes an upload one step further: it is sent, or its job is followed to the end (CAL-003, WRT-011)."""
        if upload.job_id is None:
            self.send(batch, upload, uploading)
            return
        try:
            job = self.client.run(self.follow(batch, upload.job_id, uploading))
        except Refused as refused:
            if refused.problem.status == _NOT_FOUND:
                self.desk.uploads.close(batch, uploading.sent_again, refused.problem.code)
            raise
        self.take(batch, job, uploading)
        self.close(batch, job, uploading)

    def send(self, batch: OpenBatch, upload: FrozenUpload, uploading: Uploading) -> None:
        """Hands the file over and keeps the receipt; records whose file is gone are packed anew."""
        file = self.desk.uploads.frozen(upload)
        if not file.path.exists():
            self.desk.uploads.close(batch, uploading.sent_again, None)
            return
        done = self.client.run(self.sending(batch, file))
        with self.desk.store.changing():
            self.desk.outbox.keep_receipt(batch, done.receipt, self.around.clock.now())
            self.desk.outbox.name_receipt(batch, done.job.job_id)
            self.desk.uploads.started(batch, done.job.job_id)
            self._postpone(batch, uploading.pause(done.retry_after, self._times))

    def sending(self, batch: OpenBatch, file: FrozenFile) -> Steps[Upload]:
        """Waits for the upload's turn, which a restart does not bring nearer, and sends it (CAL-004)."""
        yield from self._turn(batch.not_before)
        operations = self.client.operations
        return (yield from operations.submit_upload(file, batch.idempotency_key, failures=batch.failures))

    def follow(self, batch: OpenBatch, job_id: str, uploading: Uploading) -> Steps[Job]:
        """Looks at the job as often as the platform allows, until it is over (WRT-011)."""
        turn = batch.not_before
        while True:
            yield from self._turn(turn)
            look = yield from self.client.operations.job(job_id)
            self.around.notify(Judging(look.job.totals.submitted, batch.count))
            if uploading.is_over(look.job):
                return look.job
            turn = self._postpone(batch, uploading.pause(look.retry_after, self._times))

    def take(self, batch: OpenBatch, job: Job, uploading: Uploading) -> None:
        """Takes every verdict of the job, page by page; those that were taken before a crash are passed over."""
        taken = batch.upload.taken if batch.upload else 0
        first, address = 0, None
        while True:
            page = self.client.run(self.page(job, first, address))
            news = page.verdicts[max(taken - first, 0) :]
            first += len(page.verdicts)
            if news:
                self.settle(batch, news, first)
            address = uploading.following(page)
            if address is None:
                return

    def page(self, job: Job, first: int, address: str | None) -> Steps[ResultPage]:
        """One page of results."""
        return self.client.operations.result_page(job.job_id, first, address)

    def settle(self, batch: OpenBatch, verdicts: Iterable[RecordVerdict], taken: int) -> None:
        """Gives the records of a page their states (WRT-005)."""
        settled = [self.settling.settled(verdict) for verdict in verdicts]
        self.desk.uploads.settle_page(batch, settled, taken)

    def close(self, batch: OpenBatch, job: Job, uploading: Uploading) -> None:
        """Ends the upload; what a failed job left unjudged is sent again under a new key (WRT-012)."""
        left = self.desk.uploads.unjudged(batch)
        if left and job.state != FAILED:
            raise InvalidAnswer(
                Text("任务已结束而结论不全", "the job is over and does not have a verdict for each line"),
                "WRT-013",
            )
        self._fruitless = self._fruitless + 1 if left == batch.count else 0
        problem = str(job.problem.get("code")) if job.problem else None
        hopeless = uploading.is_hopeless(job)
        self.desk.uploads.close(batch, _none if hopeless else uploading.sent_again, problem)
        if self._fruitless and not hopeless:
            self.client.run(self._pausing(self._fruitless))

    def _pausing(self, failures: int) -> Steps[None]:
        """After a job that judged nothing at all the next upload waits as a repetition would (CAL-007)."""
        conversation = self.client.operations.conversation
        yield Pause(conversation.party.patience.next_delay(failures, conversation.times, None))

    @property
    def _times(self) -> Times:
        return self.client.operations.conversation.times

    def _turn(self, turn: datetime | None) -> Steps[None]:
        if turn is not None:
            yield Pause((turn - self.around.clock.local()).total_seconds())

    def _postpone(self, batch: OpenBatch, seconds: float) -> datetime:
        """Notes when the job may be looked at again; a restart keeps to it too (CAL-004)."""
        again = self.around.clock.local() + timedelta(seconds=seconds)
        self.desk.outbox.postpone(batch.idempotency_key, 0, again)
        return again


def _none(_: str) -> bool:
    """Nothing of it is sent again."""
    return False


def _packed(packing: Packing, lines: Iterable[tuple[Ready, bytes]], uploading: Uploading) -> Stretch:
    """Packs lines up to the first that does not fit; lines that are too long for any upload are left out."""
    last, left_out = 0, []
    for item, line in lines:
        if not uploading.fits_a_line(line):
            left_out.append(item.position)
        elif not packing.take(line):
            break
        last = item.position
    return Stretch(last, packing.count, left_out)
