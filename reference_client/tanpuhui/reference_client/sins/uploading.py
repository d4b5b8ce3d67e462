"""第 8、9 章 上传及其重发的缺陷 / Sins against clauses 8 and 9: how uploads are sent, and sent again."""

from __future__ import annotations

import gzip
from dataclasses import replace
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.conversation import Conversation
from tanpuhui.reference_client.calling.errors import Unanswered
from tanpuhui.reference_client.calling.patience import Patience
from tanpuhui.reference_client.calling.sealing import Sealing
from tanpuhui.reference_client.sending.bulk import UPLOAD
from tanpuhui.reference_client.sending.uploading import Uploading
from tanpuhui.reference_client.sins.calling import KEY, SendingAgain
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.sins.upload_bodies import DIGEST
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.limits import default_limits
from tanpuhui.spec.signing import SignatureRefused, Verified

if TYPE_CHECKING:
    from datetime import datetime

    from tanpuhui.reference_client.calling.outcome import Failure
    from tanpuhui.reference_client.calling.problem import Problem
    from tanpuhui.reference_client.calling.steps import Call
    from tanpuhui.reference_client.sending.packing import Bounds
    from tanpuhui.spec.limits import Times
    from tanpuhui.spec.message import HttpRequest, HttpResponse
    from tanpuhui.spec.signing import PublicKeys

LIMITS = "upload-keeps-the-advertised-limits"
LOST = "upload_lost_answer"
UNAVAILABLE = 503
LONG = 20_000


@breaks("SIG-001", "signs-every-call", scene="upload_too_large")
class SignsNoUploadAtFirst(Witnessed, Sealing):
    """上传首次发送不签名 / Does not sign an upload when it is sent for the first time."""

    @cached_property
    def sent(self) -> set[str | None]:
        """The keys that went out already."""
        return set()

    def seal(self, request: HttpRequest, created: datetime) -> HttpRequest:
        if request.body_file is None or request.header(KEY) in self.sent:
            return super().seal(request, created)
        self.fired()
        self.sent.add(request.header(KEY))
        return request


@breaks("SIG-001", "signs-every-call", scene="upload_too_large")
class SignsUploadsWithoutTheirBody(Witnessed, Sealing):
    """上传的签名不覆盖正文 / Signs an upload without covering its body."""

    def seal(self, request: HttpRequest, created: datetime) -> HttpRequest:
        if request.body_file is None:
            return super().seal(request, created)
        self.fired()
        digest = [(DIGEST, value) for value in request.header_values(DIGEST)]
        signed = super().seal(replace(request, body_file=None).without_headers(DIGEST), created)
        return replace(signed, body_file=request.body_file).with_headers(digest)


@breaks("SIG-003", "nonce-is-fresh-every-time", scene=LOST)
class UploadsWithTheSameSignatureAgain(Witnessed, Sealing):
    """上传重发时不重新签名 / Sends an upload again with the signature that it had."""

    @cached_property
    def sealed(self) -> dict[str | None, HttpRequest]:
        """What was sealed under each key and not sent again yet."""
        return {}

    def seal(self, request: HttpRequest, created: datetime) -> HttpRequest:
        if request.body_file is None:
            return super().seal(request, created)
        if request.header(KEY) in self.sealed:
            self.fired()
            return self.sealed.pop(request.header(KEY))
        return self.sealed.setdefault(request.header(KEY), super().seal(request, created))


@breaks("WRT-010", LIMITS, scene="upload_too_large")
class KnowsTheLinesByHeart(Witnessed, Uploading):
    """上传行数写死为建议值 / Has the number of lines typed in instead of reading it."""

    def bounds(self) -> Bounds:
        if self.limits.upload_max_records != default_limits().upload_max_records:
            self.fired()
        return replace(super().bounds(), lines=default_limits().upload_max_records)


@breaks("WRT-010", LIMITS, scene="upload_too_large")
class PacksALineTooMany(Witnessed, Uploading):
    """每次上传多装一行 / Packs one line more than advertised."""

    def bounds(self) -> Bounds:
        self.fired()
        usual = super().bounds()
        return replace(usual, lines=usual.lines + 1)


@breaks("WRT-010", LIMITS, scene="upload_verdicts")
class KnowsTheUploadSizeByHeart(Witnessed, Uploading):
    """上传字节数写死为建议值 / Has the size of an upload typed in instead of reading it."""

    def bounds(self) -> Bounds:
        self.fired()
        return replace(super().bounds(), packed=default_limits().upload_max_bytes)


@breaks("WRT-010", LIMITS, scene="uploads")
class MeasuresOnlyWhatItSends(Witnessed, Uploading):
    """装包时不理会解压后的上限 / Packs by the bytes that it sends alone, however many they are when decoded."""

    def bounds(self) -> Bounds:
        usual = super().bounds()
        if usual.unpacked != default_limits().upload_unpacked_max_bytes:
            self.fired()
        return replace(usual, unpacked=default_limits().upload_unpacked_max_bytes)


@breaks("WRT-010", LIMITS, scene="upload_too_large")
class WritesVeryLongLines(Witnessed, Uploading):
    """行长超过公布的上限 / Writes lines that are longer than advertised."""

    def line(self, record: bytes) -> bytes:
        self.fired()
        return super().line(record[:-1] + b" " * LONG + record[-1:])

    def fits_a_line(self, line: bytes) -> bool:  # noqa: ARG002
        return True


@breaks("CAL-002", "same-key-same-bytes", scene=LOST)
class PacksAnewToSendAgain(SendingAgain):
    """上传重发时重新压缩，字节已变 / Packs an upload anew when it sends it again, so that its bytes differ."""

    def otherwise(self, request: HttpRequest) -> HttpRequest:
        content = gzip.decompress(b"".join(request.pieces()))
        anew = replace(request, body=gzip.compress(content, mtime=1), body_file=None)
        return anew.without_headers(DIGEST)


@breaks("CAL-002", "same-key-same-bytes", scene=LOST)
class UploadsTheRestOnly(SendingAgain):
    """上传重发时只发后一半 / Sends but the second half when an upload was not answered."""

    def otherwise(self, request: HttpRequest) -> HttpRequest:
        lines = gzip.decompress(b"".join(request.pieces())).splitlines(keepends=True)
        rest = gzip.compress(b"".join(lines[len(lines) // 2 :]), mtime=0)
        return replace(request, body=rest, body_file=None).without_headers(DIGEST)


@breaks("CAL-002", "same-records-same-key", scene=LOST)
class UploadsAgainUnderANewKey(SendingAgain):
    """上传重发时换新幂等键 / Takes a new key when it sends an upload again."""

    def otherwise(self, request: HttpRequest) -> HttpRequest:
        return request.without_headers(KEY).with_headers(((KEY, f'"{self.chance.token()}"'),))


@breaks("CAL-003", "sends-until-acknowledged", scene=LOST)
class GivesUpALostUpload(Witnessed, Conversation):
    """上传没有应答就放弃 / Gives an upload up when no answer comes."""

    def give_up(self, call: Call, failure: Failure, failures: int) -> None:
        super().give_up(call, failure, failures)
        if call.operation == UPLOAD and failure.problem is None:
            self.fired()
            raise Unanswered(failure.cause)


@breaks("CAL-003", "sends-until-acknowledged", scene="upload_slow_job")
class TakesMaintenanceForFinal(Witnessed, Patience):
    """上传得到 503 就放弃 / Takes a 503 to an upload for a refusal for good."""

    def is_permanent(self, problem: Problem) -> bool:
        if problem.status != UNAVAILABLE:
            return super().is_permanent(problem)
        self.fired()
        return True


@breaks("SIG-006", "distrusts-a-broken-receipt", scene=LOST)
class TrustsAnyReceiptOfAnUpload(Witnessed, Sealing):
    """不验证上传的回执 / Trusts the receipt of an upload whatever its signature."""

    def verify_receipt(
        self, answer: HttpResponse, request: HttpRequest, keys: PublicKeys, times: Times
    ) -> Verified:
        try:
            return super().verify_receipt(answer, request, keys, times)
        except SignatureRefused:
            if request.body_file is None:
                raise
            self.fired()
            return Verified(key_id="", nonce="", created=self.now(answer), covered=())

    def now(self, answer: HttpResponse) -> datetime:
        """The time that the answer itself tells."""
        return parsedate_to_datetime(answer.header_values("date")[0])
