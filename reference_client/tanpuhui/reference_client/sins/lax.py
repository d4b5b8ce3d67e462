"""第 6 章 严格 JSON 的缺陷 / Sins against clause 6: JSON that two readers could read differently is read all the same."""

from __future__ import annotations

import json
from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.receiving.reception import Reception
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.strict_json import StrictJsonError, parse_json

if TYPE_CHECKING:
    from tanpuhui.spec.message import HttpRequest

STRICT = "refuses-json-that-is-not-strict"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
VERY_LONG = 1_000_000


class ReadingLaxly(Witnessed, Reception):
    """Reads what strict reading refuses, where `eased` makes something of it."""

    def parse(self, body: bytes) -> Any:
        """Strictly at first, then as this scenario is pleased to read it."""
        try:
            return super().parse(body)
        except StrictJsonError:
            read = self.eased(body)
            self.fired()
            return read

    @abstractmethod
    def eased(self, body: bytes) -> Any:
        """The value after all; StrictJsonError where even this scenario gives up."""


@breaks("API-006", STRICT)
class KeepsTheLastOfTwoMembers(ReadingLaxly):
    """成员重复时取后一个 / Keeps the last of two members of one name."""

    def eased(self, body: bytes) -> Any:
        try:
            single = json.dumps(json.loads(body.decode()), allow_nan=False)
        except (ValueError, RecursionError):
            raise StrictJsonError("invalid-json", "不是 JSON", "no JSON") from None
        return Reception.parse(self, single.encode())


@breaks("API-006", STRICT)
class SkipsAByteOrderMark(ReadingLaxly):
    """跳过字节序标记 / Skips a byte-order mark."""

    def eased(self, body: bytes) -> Any:
        return Reception.parse(self, body.removeprefix(BYTE_ORDER_MARK))


@breaks("API-006", STRICT)
class ReadsNotANumber(ReadingLaxly):
    """把 NaN 读作空值 / Reads NaN as if nothing were there."""

    def eased(self, body: bytes) -> Any:
        return Reception.parse(self, body.replace(b"NaN", b"null").replace(b"Infinity", b"null"))


@breaks("API-006", STRICT)
class MendsBrokenCharacters(ReadingLaxly):
    """替换不是 UTF-8 的字节 / Replaces bytes that are not UTF-8."""

    def eased(self, body: bytes) -> Any:
        return Reception.parse(self, body.decode(errors="replace").encode())


@breaks("API-006", STRICT)
class ReadsToAnyDepth(ReadingLaxly):
    """不限嵌套深度 / Reads JSON however deeply it is nested."""

    def eased(self, body: bytes) -> Any:
        limits = self.doorkeeper.limits
        return parse_json(body, max_depth=VERY_LONG, max_string=limits.string_max_chars)


@breaks("API-006", STRICT)
class ReadsAnyLength(ReadingLaxly):
    """不限字符串长度 / Reads strings however long they are."""

    def eased(self, body: bytes) -> Any:
        return parse_json(body, max_depth=self.doorkeeper.limits.json_max_depth, max_string=VERY_LONG)


@breaks("API-006", STRICT)
class ReadsAnySize(Witnessed, Reception):
    """不限正文大小 / Reads bodies larger than advertised."""

    def too_large(self, request: HttpRequest) -> bool:
        if super().too_large(request):
            self.fired()
        return False
