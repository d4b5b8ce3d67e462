"""第 9 章 批量上传正文的缺陷 / Sins against clause 9: uploads that are not what they should be."""

from __future__ import annotations

import gzip
import json
from abc import abstractmethod
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.sealing import Sealing
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.signing import content_digest

if TYPE_CHECKING:
    from datetime import datetime

    from tanpuhui.spec.message import HttpRequest

LINES, KIND = "one-record-a-line", "says-what-it-is"
SCENE = "upload_too_large"
"""Its first upload is refused whatever it holds, so that nothing follows from what is wrong with it."""

CODING, TYPE, DIGEST = "content-encoding", "content-type", "content-digest"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class AlteringUploads(Witnessed, Sealing):
    """Sends its first upload otherwise than it was frozen, in the same way every time."""

    @cached_property
    def struck(self) -> set[str | None]:
        """The key of the upload that it alters."""
        return set()

    def seal(self, request: HttpRequest, created: datetime) -> HttpRequest:
        key = request.header("idempotency-key")
        if request.body_file is None or (self.struck and key not in self.struck):
            return super().seal(request, created)
        self.struck.add(key)
        self.fired()
        held = replace(request, body=b"".join(request.pieces()), body_file=None)
        return super().seal(self.altered(held.without_headers(DIGEST)), created)

    @abstractmethod
    def altered(self, request: HttpRequest) -> HttpRequest:
        """What goes out instead."""


class RewritingUploads(AlteringUploads):
    """Says something else in an upload that is coded as it should be."""

    def altered(self, request: HttpRequest) -> HttpRequest:
        content = gzip.decompress(request.body)
        return replace(request, body=gzip.compress(self.told(content), mtime=0))

    @abstractmethod
    def told(self, content: bytes) -> bytes:
        """The bytes before coding."""


@breaks("WRT-010", LINES, scene=SCENE)
class UploadsAnArray(RewritingUploads):
    """上传一个 JSON 数组 / Uploads one JSON array in place of lines."""

    def told(self, content: bytes) -> bytes:
        return b"[" + b",".join(content.splitlines()) + b"]"


@breaks("WRT-010", LINES, scene=SCENE)
class UploadsABatch(RewritingUploads):
    """把批次的正文当一行上传 / Uploads the body of a batch as one line."""

    def told(self, content: bytes) -> bytes:
        return b'{"records":[' + b",".join(content.splitlines()) + b"]}\n"


@breaks("WRT-010", LINES, scene=SCENE)
class EndsLinesWithCommas(RewritingUploads):
    """行末多一个逗号 / Ends its lines with commas."""

    def told(self, content: bytes) -> bytes:
        return content.replace(b"\n", b",\n")


@breaks("WRT-010", LINES, scene=SCENE)
class BeginsWithAByteOrderMark(RewritingUploads):
    """正文以字节序标记开头 / Begins an upload with a byte-order mark."""

    def told(self, content: bytes) -> bytes:
        return BYTE_ORDER_MARK + content


@breaks("WRT-010", LINES, scene=SCENE)
class SpreadsRecordsOverLines(RewritingUploads):
    """一条记录写成多行 / Spreads each record over several lines."""

    def told(self, content: bytes) -> bytes:
        return b"\n".join(json.dumps(json.loads(line), indent=1).encode() for line in content.splitlines())


@breaks("WRT-010", LINES, scene=SCENE)
class LeavesLinesEmpty(RewritingUploads):
    """行间留空行 / Leaves an empty line after each record."""

    def told(self, content: bytes) -> bytes:
        return content.replace(b"\n", b"\n\n")


@breaks("WRT-010", LINES, scene=SCENE)
class EndsLinesWithCarriageReturns(RewritingUploads):
    """以 CR 代替 LF 分行 / Ends its lines with carriage returns and nothing else."""

    def told(self, content: bytes) -> bytes:
        return content.replace(b"\n", b"\r")


@breaks("WRT-010", LINES, scene=SCENE)
class WritesSixteenBitCharacters(RewritingUploads):
    """以 UTF-16 上传 / Uploads UTF-16."""

    def told(self, content: bytes) -> bytes:
        return content.decode().encode("utf-16-le")


@breaks("WRT-010", LINES, scene=SCENE)
class UploadsATable(RewritingUploads):
    """上传 CSV / Uploads comma-separated values."""

    def told(self, content: bytes) -> bytes:
        records = [json.loads(line) for line in content.splitlines()]
        rows = [",".join(records[0]), *(",".join(map(str, record.values())) for record in records)]
        return "\n".join(rows).encode()


@breaks("WRT-010", LINES, scene=SCENE)
class CutsTheStreamShort(AlteringUploads):
    """压缩流没有结尾 / Leaves the end of the compressed stream out."""

    def altered(self, request: HttpRequest) -> HttpRequest:
        return replace(request, body=request.body[:-12])


@breaks("WRT-010", LINES, scene=SCENE)
class AddsToTheStream(AlteringUploads):
    """压缩流之后还有字节 / Adds bytes after the compressed stream."""

    def altered(self, request: HttpRequest) -> HttpRequest:
        return replace(request, body=request.body + b"\n")


@breaks("WRT-010", LINES, scene=SCENE)
class LeavesOutTheCoding(AlteringUploads):
    """压缩了却不写 Content-Encoding / Compresses an upload and does not say so."""

    def altered(self, request: HttpRequest) -> HttpRequest:
        return request.without_headers(CODING)


@breaks("WRT-010", LINES, scene=SCENE)
class NamesAnotherCoding(AlteringUploads):
    """gzip 的正文写成 zstd / Says zstd of a body in gzip."""

    def altered(self, request: HttpRequest) -> HttpRequest:
        return request.without_headers(CODING).with_headers(((CODING, "zstd"),))


@breaks("WRT-010", KIND, scene=SCENE)
class CodesInItsOwnWay(AlteringUploads):
    """用规定以外的编码压缩 / Uses a content coding that the law does not have."""

    def altered(self, request: HttpRequest) -> HttpRequest:
        return request.without_headers(CODING).with_headers(((CODING, "br"),))


@breaks("WRT-010", KIND, scene=SCENE)
class CallsLinesJson(AlteringUploads):
    """媒体类型写成 application/json / Calls lines of records application/json."""

    def altered(self, request: HttpRequest) -> HttpRequest:
        return request.without_headers(TYPE).with_headers(((TYPE, "application/json"),))


@breaks("WRT-010", KIND, scene=SCENE)
class CallsLinesAnArchive(AlteringUploads):
    """媒体类型写成 application/gzip / Calls a coded body application/gzip, as if it were a file."""

    def altered(self, request: HttpRequest) -> HttpRequest:
        return request.without_headers(TYPE, CODING).with_headers(((TYPE, "application/gzip"),))


@breaks("SIG-002", "digest-is-of-the-bytes-sent", scene=SCENE)
class DigestsTheUncoded(AlteringUploads):
    """对压缩前的字节计算摘要 / Takes the digest of an upload before it is coded."""

    def altered(self, request: HttpRequest) -> HttpRequest:
        return request.with_headers(((DIGEST, content_digest(gzip.decompress(request.body))),))


@breaks("CAL-001", "every-write-has-a-key", scene=SCENE)
class UploadsWithoutAKey(AlteringUploads):
    """上传不带幂等键 / Uploads without an idempotency key."""

    def altered(self, request: HttpRequest) -> HttpRequest:
        return request.without_headers("idempotency-key")
