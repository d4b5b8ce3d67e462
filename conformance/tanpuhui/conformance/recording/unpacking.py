"""Takes the body of an upload apart: from its coding to its lines, strictly and within bounds (WRT-010)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import zstandard

from tanpuhui.conformance.recording.exchange import Decoded, decoded
from tanpuhui.conformance.verdict import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

GZIP, ZSTD, IDENTITY = "gzip", "zstd", "identity"
MOST_BYTES = 64 * 1024 * 1024
"""More than any scene's records come to; a body that grows beyond it is not read any further."""
_WINDOW = 8 * 1024 * 1024
_STEP = 256
"""Few enough bytes that what they stand for fits into memory whatever they are."""
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


class Undecodable(ValueError):
    """正文解不开 / A body that its coding does not explain."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.text = Text(zh, en)


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it stood in the body, and the JSON in it."""

    raw: bytes
    content: Decoded


def coding_in(values: tuple[str, ...]) -> str:
    """The content coding that these values of the field state."""
    return ", ".join(values).strip().lower() or IDENTITY


def unpacked(body: bytes, coding: str) -> bytes:
    """The bytes before they were coded; Undecodable where the body is not what it says."""
    decoder = _DECODERS.get(coding)
    if decoder is None:
        raise Undecodable("内容编码不是 gzip 或 zstd", "the content coding is neither gzip nor zstd")
    found = decoder(body)
    if len(found) > MOST_BYTES:
        raise Undecodable("解开后太大", "it is too large once decoded")
    return found


def packed(content: bytes, coding: str) -> bytes:
    """The inverse, for what had to be masked before it was written down."""
    if coding == GZIP:
        coder = zlib.compressobj(wbits=_GZIP_WINDOW)
        return coder.compress(content) + coder.flush()
    return zstandard.ZstdCompressor().compress(content) if coding == ZSTD else content


def lines_of(content: bytes) -> tuple[Line, ...]:
    """The lines; nothing follows the last line's end."""
    texts = content.split(b"\n")
    kept = texts[:-1] if texts[-1] == b"" else texts
    return tuple(Line(text, decoded(text)) for text in kept)


def _gunzipped(body: bytes) -> bytes:
    decoder = zlib.decompressobj(_GZIP_WINDOW)
    try:
        found = decoder.decompress(body, MOST_BYTES + 1)
    except zlib.error:
        raise Undecodable("不是 gzip，或已损坏", "it is no gzip, or broken") from None
    return _whole(found, ended=decoder.eof, rest=decoder.unused_data)


def _unzstd(body: bytes) -> bytes:
    decoder = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
    found, start = bytearray(), 0
    try:
        while start < len(body) and not decoder.eof and len(found) <= MOST_BYTES:
            found += decoder.decompress(body[start : start + _STEP])
            start += _STEP
    except zstandard.ZstdError:
        raise Undecodable("不是 zstd，或已损坏", "it is no zstd, or broken") from None
    return _whole(bytes(found), ended=decoder.eof, rest=decoder.unused_data + body[start:])


def _whole(found: bytes, *, ended: bool, rest: bytes) -> bytes:
    if len(found) > MOST_BYTES:
        return found
    if not ended:
        raise Undecodable("压缩流不完整", "the compressed stream ends too early")
    if rest:
        raise Undecodable("压缩流之后还有字节", "there are bytes after the compressed stream")
    return found


_DECODERS: Mapping[str, Callable[[bytes], bytes]] = {
    GZIP: _gunzipped,
    ZSTD: _unzstd,
    IDENTITY: lambda body: body,
}
