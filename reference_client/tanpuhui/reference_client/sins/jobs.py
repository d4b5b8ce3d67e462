"""第 9 章 跟随任务的缺陷 / Sins against clause 9: jobs that are not followed, and verdicts that are not taken."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.jobs import ResultPage
from tanpuhui.reference_client.calling.operations import Operations
from tanpuhui.reference_client.keeping.entry import BATCHED, READY
from tanpuhui.reference_client.rewriting import Record, Rewriting
from tanpuhui.reference_client.sending.reporting import Reporting
from tanpuhui.reference_client.sending.uploading import Uploading
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed

if TYPE_CHECKING:
    from tanpuhui.reference_client.calling.jobs import Job, Upload
    from tanpuhui.reference_client.calling.steps import FrozenFile, Steps
    from tanpuhui.reference_client.keeping.outbox import OpenBatch
    from tanpuhui.spec.limits import Times

LOOKS, REST, JUDGED = (
    "looks-at-a-job-when-told",
    "sends-again-what-was-not-judged",
    "leaves-alone-what-was-judged",
)
FAILED = "failed"
TAIL = 3
FULL = 1000


@breaks("WRT-011", "follows-the-job-to-its-end", scene="upload_lost_answer")
class TakesItsJobForDone(Witnessed, Reporting):
    """得到 202 就当作已接受 / Takes a 202 for acceptance and never looks at the job."""

    def deliver(self, batch: OpenBatch) -> None:
        if batch.upload is None or batch.upload.job_id is None:
            super().deliver(batch)
            return
        self.fired()
        self.desk.uploads.close(batch, lambda _: False, None)


@breaks("WRT-011", "follows-the-job-to-its-end", scene="upload_slow_job")
class LooksOnce(Witnessed, Uploading):
    """只查询一次任务 / Looks at its job once, whatever it says."""

    def is_over(self, job: Job) -> bool:
        if not super().is_over(job):
            self.fired()
        return True


@breaks("WRT-011", "takes-every-verdict", scene="uploads")
class TakesOnePage(Witnessed, Uploading):
    """只取第一页结论 / Takes the first page of verdicts and no other."""

    def following(self, page: ResultPage) -> str | None:
        if page.next is not None:
            self.fired()
        return None


@breaks("WRT-011", "takes-every-verdict", scene="uploads")
class TakesAShortPageForTheLast(Witnessed, Uploading):
    """一页不满一千条就当作最后一页 / Takes a page of fewer than a thousand verdicts for the last one."""

    def following(self, page: ResultPage) -> str | None:
        if len(page.verdicts) >= FULL:
            return super().following(page)
        if page.next is not None:
            self.fired()
        return None


@breaks("WRT-011", "takes-every-verdict", scene="upload_lost_answer")
class TakesNoVerdicts(Witnessed, Operations):
    """任务结束后不取结论 / Sees the job ended and takes no verdict."""

    def result_page(self, job_id: str, first: int = 0, address: str | None = None) -> Steps[ResultPage]:  # noqa: ARG002
        self.fired()
        yield from ()
        return ResultPage(())


@breaks("WRT-011", "takes-every-verdict", scene="upload_failed_job")
class TakesNothingFromAFailedJob(Witnessed, Reporting):
    """任务失败就不取已判的结论 / Takes no verdict from a job that failed."""

    def deliver(self, batch: OpenBatch) -> None:
        if batch.upload is None or batch.upload.job_id is None:
            super().deliver(batch)
            return
        job = self.client.run(self.bulk.follow(batch, batch.upload.job_id, self.uploading()))
        if job.state != FAILED:
            super().deliver(batch)
            return
        self.fired()
        self.desk.uploads.close(batch, lambda state: state == BATCHED, None)


@breaks("CAL-004", LOOKS, scene="upload_slow_job")
class LooksAllTheTime(Witnessed, Uploading):
    """不停地查询任务 / Looks at its job many times a second."""

    def pause(self, asked: float | None, times: Times) -> float:
        self.fired()
        return super().pause(asked, times) / 8


@breaks("CAL-004", LOOKS, scene="uploads")
class LooksAtOnce(Witnessed, Operations):
    """得到 202 后立即查询 / Looks at its job at once after the 202."""

    def submit_upload(self, file: FrozenFile, idempotency_key: str, *, failures: int = 0) -> Steps[Upload]:
        done = yield from super().submit_upload(file, idempotency_key, failures=failures)
        self.fired()
        yield from self.job(done.job.job_id)
        return done


@breaks("WRT-012", REST)
class ForgetsAFailedJob(Witnessed, Uploading):
    """任务失败后不再报送余下的 / Forgets what a failed job did not judge."""

    def sent_again(self, state: str) -> bool:
        if super().sent_again(state):
            self.fired()
        return False


@breaks("WRT-012", REST)
class ForgetsTheTail(Witnessed, Reporting):
    """任务失败后漏掉末尾几条 / Forgets the last few records that a failed job did not judge."""

    def deliver(self, batch: OpenBatch) -> None:
        super().deliver(batch)
        if batch.upload is None or batch.upload.job_id is None:
            return
        left = self.desk.outbox.ready(batch.count)[-TAIL:]
        with self.desk.store.changing() as connection:
            for item in left:
                self.fired()
                change = "UPDATE records SET state = 'accepted' WHERE position = ?"
                connection.execute(change, (item.position,))


@breaks("WRT-012", JUDGED)
class TakesAFailedJobForNothingDone(Witnessed, Reporting):
    """任务失败后整份重报 / Reports everything again after a job that failed half-way."""

    def deliver(self, batch: OpenBatch) -> None:
        super().deliver(batch)
        if batch.upload is None or batch.upload.job_id is None or not self.desk.outbox.ready(1):
            return
        self.fired()
        with self.desk.store.changing() as connection:
            change = "UPDATE records SET state = ?, batch = NULL WHERE batch = ?"
            connection.execute(change, (READY, batch.batch))


@breaks("WRT-012", JUDGED)
class BeginsAtThePageBorder(Witnessed, Reporting):
    """任务失败后从整页处重报，已判的几条又报一次 / Begins again at the border of a page, so that some judged records go out twice."""

    def deliver(self, batch: OpenBatch) -> None:
        super().deliver(batch)
        left = self.desk.outbox.ready(batch.count)
        if batch.upload is None or batch.upload.job_id is None or not left:
            return
        self.fired()
        with self.desk.store.changing() as connection:
            connection.execute(
                "UPDATE records SET state = ?, batch = NULL WHERE position IN"
                " (SELECT position FROM records WHERE position < ? ORDER BY position DESC LIMIT 2)",
                (READY, left[0].position),
            )


@breaks("WRT-001", "one-id-for-one-activity", scene="upload_failed_job")
class RenamesWhatWasNotJudged(Rewriting):
    """任务失败后以新记录号重报余下的 / Gives new ids to what a failed job did not judge."""

    @cached_property
    def seen(self) -> set[str]:
        """The records that went out already."""
        return set()

    def told(self, record: Record) -> Record:
        if record["record_id"] not in self.seen:
            self.seen.add(record["record_id"])
            return record
        return record | {"record_id": self.chance.token()}


@breaks("CAL-006", "acknowledged-records-rest", scene="upload_failed_job")
class UploadsAFailedFileAgain(Witnessed, Reporting):
    """任务失败后以原来的键再上传整份 / Uploads the whole file again under its key after its job failed."""

    def deliver(self, batch: OpenBatch) -> None:
        upload = batch.upload
        super().deliver(batch)
        if upload is not None and upload.job_id is not None and self.desk.outbox.ready(1):
            self.fired()
            self.client.run(self.bulk.sending(batch, self.desk.uploads.frozen(upload)))


@breaks("CAL-006", "acknowledged-records-rest", scene="upload_lost_answer")
class UploadsTwiceToBeSure(Witnessed, Operations):
    """得到 202 后换一个键再上传一次 / Uploads everything once more under another key, to be sure."""

    def submit_upload(self, file: FrozenFile, idempotency_key: str, *, failures: int = 0) -> Steps[Upload]:
        done = yield from super().submit_upload(file, idempotency_key, failures=failures)
        self.fired()
        yield from super().submit_upload(file, idempotency_key[::-1])
        return done


@breaks("CAL-006", "acknowledged-records-rest", scene="uploads")
class RepeatsTheLastOfEachPage(Witnessed, Reporting):
    """每页结论的最后一条又报一次 / Reports the record at the end of each page of verdicts once more."""

    def deliver(self, batch: OpenBatch) -> None:
        super().deliver(batch)
        page = self.uploading().limits.results_page_max_items
        if batch.upload is None or batch.upload.job_id is None or batch.count < page:
            return
        self.fired()
        with self.desk.store.changing() as connection:
            connection.execute(
                "UPDATE records SET state = ?, batch = NULL WHERE position IN (SELECT position FROM"
                " (SELECT position, row_number() OVER (ORDER BY position) AS n FROM records WHERE batch = ?)"
                " WHERE n % ? = 0)",
                (READY, batch.batch, page),
            )
