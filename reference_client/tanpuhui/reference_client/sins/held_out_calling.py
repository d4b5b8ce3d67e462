"""事先未告知检查的缺陷之二：上传、重发、令牌与签名 / Sins written without sight of the checks: uploads, repeats, tokens, signatures."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.calling.sealing import Sealing
from tanpuhui.reference_client.keeping.entry import BATCHED, READY
from tanpuhui.reference_client.sending.bulk import FAILED, BulkReporting
from tanpuhui.reference_client.sending.reporting import Reporting
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.signature import Verified
from tanpuhui.spec.signing import SignatureRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from tanpuhui.reference_client.calling.chance import Chance
    from tanpuhui.reference_client.calling.jobs import Job
    from tanpuhui.reference_client.calling.steps import Call
    from tanpuhui.reference_client.keeping.entry import OpenBatch
    from tanpuhui.reference_client.sending.uploading import Uploading
    from tanpuhui.spec.limits import Times
    from tanpuhui.spec.message import Headers, HttpRequest, HttpResponse
    from tanpuhui.spec.signing import PublicKeys, SigningKey

_LOSSES, _PACK = 2, 32


@breaks("WRT-012", "leaves-alone-what-was-judged")
class SendsTheLastJudgedLineAgain(Witnessed, Reporting):
    """任务失败后多退一行重报 / Goes on one line too early after a failed job."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.bulk = _OneLineTooEarly(self.bulk, self.fired)


@breaks("CAL-002", "same-records-same-key", scene="back_off")
class ChangesTheKeyAfterTwoLosses(Witnessed, Sealing):
    """第三次发送时换幂等键 / Takes a new idempotency key for the third sending."""

    def __init__(self, key: SigningKey, chance: Chance) -> None:
        super().__init__(key, chance)
        self.sent: Counter[str] = Counter()

    def headers(self, call: Call, token: str) -> Headers:
        key = call.idempotency_key or ""
        self.sent[key] += 1
        if key and self.sent[key] > _LOSSES:
            self.fired()
            call = replace(call, idempotency_key=f"{key}-again")
        return super().headers(call, token)


@breaks("SIG-003", "nonce-is-fresh-every-time", scene="reported_records")
class DealsNoncesFromAPack(Witnessed, Sealing):
    """三十二个随机数循环使用 / Goes round with thirty-two nonces."""

    def __init__(self, key: SigningKey, chance: Chance) -> None:
        super().__init__(key, chance)
        self.pack: deque[str] = deque()

    def nonce(self) -> str:
        if len(self.pack) < _PACK:
            self.pack.append(super().nonce())
            return self.pack[-1]
        self.fired()
        self.pack.rotate(-1)
        return self.pack[-1]


@breaks("SIG-006", "distrusts-a-broken-receipt", scene="upload_lost_answer")
class VerifiesReceiptsOfBatchesOnly(Witnessed, Sealing):
    """只验批次应答的签名 / Verifies the answers to batches and no others."""

    def verify_receipt(
        self, answer: HttpResponse, request: HttpRequest, keys: PublicKeys, times: Times
    ) -> Verified:
        try:
            return super().verify_receipt(answer, request, keys, times)
        except SignatureRefused:
            if "/activity-batches" in request.url:
                raise
        self.fired()
        return Verified("", "", datetime.now(UTC), ())


class _OneLineTooEarly(BulkReporting):
    """The last line that was judged goes out again with those that were not."""

    def __init__(self, usual: BulkReporting, saw: Callable[[], None]) -> None:
        super().__init__(usual.desk, usual.client, usual.around, usual.settling)
        self.saw = saw

    def close(self, batch: OpenBatch, job: Job, uploading: Uploading) -> None:
        last = "SELECT max(position) AS last FROM records WHERE batch = ? AND state <> ?"
        (found,) = self.desk.store.rows(last, batch.batch, BATCHED)
        if job.state == FAILED and found["last"] is not None:
            self.saw()
            with self.desk.store.changing() as connection:
                again = "UPDATE records SET state = ?, reason = NULL, batch = NULL WHERE position = ?"
                connection.execute(again, (READY, found["last"]))
        super().close(batch, job, uploading)
