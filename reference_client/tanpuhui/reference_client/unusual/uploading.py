"""少见的上传方式 / Unusual ways of uploading."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.operations import Operations
from tanpuhui.reference_client.keeping.entry import Ready
from tanpuhui.reference_client.sending.packing import ZSTD
from tanpuhui.reference_client.sending.reporting import Reporting
from tanpuhui.reference_client.sending.uploading import Uploading
from tanpuhui.reference_client.unusual.unusual import keeps_the_law_in
from tanpuhui.reference_client.witness import Witnessed

if TYPE_CHECKING:
    from tanpuhui.reference_client.calling.errors import Refused
    from tanpuhui.reference_client.calling.jobs import JobLook, ResultPage
    from tanpuhui.reference_client.calling.steps import Steps
    from tanpuhui.reference_client.keeping.outbox import OpenBatch
    from tanpuhui.reference_client.sending.packing import Bounds
    from tanpuhui.spec.limits import Times

UPLOADS = ("uploads", "upload_lost_answer", "upload_failed_job")
HALF, TOO_LARGE = 2, 413


@keeps_the_law_in(*UPLOADS)
class UploadsInZstd(Witnessed, Uploading):
    """用 zstd 上传 / Uploads in zstd."""

    def coding(self) -> str | None:
        self.fired()
        return ZSTD


@keeps_the_law_in(*UPLOADS, "upload_verdicts", "upload_too_large")
class UploadsPlainly(Witnessed, Uploading):
    """上传不压缩 / Uploads without any coding."""

    def coding(self) -> str | None:
        self.fired()
        return None


@keeps_the_law_in("upload_lost_answer")
class UploadsOneRecordEach(Witnessed, Uploading):
    """每次上传只有一条 / Uploads one record at a time."""

    def bounds(self) -> Bounds:
        self.fired()
        return replace(super().bounds(), lines=1)


@keeps_the_law_in("uploads", "upload_slow_job")
class StaysFarBelowTheLimits(Witnessed, Uploading):
    """上传远小于上限 / Keeps uploads far below the advertised limits."""

    def bounds(self) -> Bounds:
        self.fired()
        usual = super().bounds()
        return replace(usual, lines=min(usual.lines, 100), packed=usual.packed // HALF)


@keeps_the_law_in(*UPLOADS)
class EndsLinesAsWindowsDoes(Witnessed, Uploading):
    """行末用 CRLF / Ends its lines with CR and LF: white space before the end."""

    def line(self, record: bytes) -> bytes:
        self.fired()
        return record + b"\r\n"


@keeps_the_law_in(*UPLOADS)
class SpellsItsOwnLines(Witnessed, Uploading):
    """行内 JSON 的次序和空白与众不同 / Spells the JSON of its lines in another order and with spaces."""

    def line(self, record: bytes) -> bytes:
        self.fired()
        return super().line(
            json.dumps(json.loads(record), sort_keys=True, separators=(" , ", " : ")).encode()
        )


@keeps_the_law_in("uploads", "upload_slow_job", "upload_failed_job")
class LooksSeldom(Witnessed, Uploading):
    """查询任务的间隔比要求的长 / Looks at its job at longer intervals than it must."""

    def pause(self, asked: float | None, times: Times) -> float:
        self.fired()
        return 1.7 * super().pause(asked, times)


@keeps_the_law_in("uploads", "upload_slow_job", "upload_failed_job")
class ReadsEachPageTwice(Witnessed, Operations):
    """每页结论读两次 / Reads each page of verdicts twice."""

    def result_page(self, job_id: str, first: int = 0, address: str | None = None) -> Steps[ResultPage]:
        self.fired()
        yield from super().result_page(job_id, first, address)
        return (yield from super().result_page(job_id, first, address))


@keeps_the_law_in("uploads", "upload_slow_job", "upload_failed_job")
class ReadsResultsBeforeTheEnd(Witnessed, Operations):
    """任务进行中就先看已有的结论 / Looks at the verdicts that are there while its job goes on."""

    def job(self, job_id: str) -> Steps[JobLook]:
        look = yield from super().job(job_id)
        self.fired()
        yield from super().result_page(job_id)
        return look


@keeps_the_law_in("upload_slow_job", "upload_failed_job")
class MixesBatchesAndUploads(Witnessed, Reporting):
    """先上传，其余分批 / Uploads at first, and sends what is left in batches."""

    def by_upload(self) -> bool:
        self.fired()
        return super().by_upload() and not self.desk.store.rows("SELECT batch FROM uploads LIMIT 1")


@keeps_the_law_in("too_large", "upload_too_large")
class SplitsWhatWasTooLarge(Witnessed, Reporting):
    """413 之后拆成单条再报 / Sends what was too large again, one record a batch."""

    def park(self, batch: OpenBatch, refused: Refused) -> None:
        super().park(batch, refused)
        if refused.problem.status != TOO_LARGE:
            return
        self.fired()
        batching = self.parts.batching(self.uploading().limits, self.around.chance)
        query = "SELECT position, body FROM records WHERE batch = ? ORDER BY position"
        for row in self.desk.store.rows(query, batch.batch):
            item = Ready(row["position"], row["body"])
            self.desk.outbox.freeze([item], batching.body([item.body]), batching.idempotency_key())
