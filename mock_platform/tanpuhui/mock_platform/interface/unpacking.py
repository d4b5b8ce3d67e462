"""Takes a compressed body apart piece by piece, within bounds, and to its very end (API-010)."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final, Literal

import zstandard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tanpuhui.mock_platform.state.spool import Coding

_PIECE = 64 * 1024
_GZIP = 16 + zlib.MAX_WBITS
_ZSTD_WINDOW = 8 * 1024 * 1024
# a block of four bytes may stand for 128 KiB: so much of the input becomes 8 MiB at the very most
_ZSTD_STEP = 256


class Unreadable(Exception):
    """上传的正文读不下去 / Why a body cannot be read any further; the code is one of the registry of problems."""

    def __init__(self, code: Literal["content-coding-invalid", "limit-exceeded"], zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.code = code


def unpacked(parts: Iterable[bytes], coding: Coding, most: int) -> Iterator[bytes]:
    """The body's own bytes in pieces of bounded size, at most so many in all."""
    total = 0
    for run in _DECODERS[coding](parts):
        total += len(run)
        if total > most:
            raise Unreadable(
                "limit-exceeded",
                f"解压后超过 {most} 字节（总量或压缩比上限，API-010）",
                f"more than {most} bytes after decoding (the limit of total or ratio, API-010)",
            )
        for start in range(0, len(run), _PIECE):
            yield run[start : start + _PIECE]


def _plain(parts: Iterable[bytes]) -> Iterable[bytes]:
    return parts


def _gunzipped(parts: Iterable[bytes]) -> Iterator[bytes]:
    decoder = zlib.decompressobj(_GZIP)
    for part in parts:
        if decoder.eof:
            raise _trailing()
        yield from _inflated(decoder, part)
    if not decoder.eof:
        raise _truncated()


def _inflated(decoder: zlib._Decompress, part: bytes) -> Iterator[bytes]:
    left, full = part, True
    while (left or full) and not decoder.eof:
        try:
            run = decoder.decompress(left, _PIECE)
        except zlib.error:
            raise _broken() from None
        left, full = decoder.unconsumed_tail, len(run) == _PIECE
        yield run
    if decoder.unused_data:
        raise _trailing()


def _unzstd(parts: Iterable[bytes]) -> Iterator[bytes]:
    decoder = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
    for part in parts:
        for start in range(0, len(part), _ZSTD_STEP):
            if decoder.eof:
                raise _trailing()
            try:
                yield decoder.decompress(part[start : start + _ZSTD_STEP])
            except zstandard.ZstdError:
                raise _broken() from None
            if decoder.unused_data:
                raise _trailing()
    if not decoder.eof:
        raise _truncated()


def _broken() -> Unreadable:
    return Unreadable("content-coding-invalid", "压缩流已损坏", "the compressed stream is broken")


def _truncated() -> Unreadable:
    return Unreadable("content-coding-invalid", "压缩流不完整", "the compressed stream ends too early")


def _trailing() -> Unreadable:
    return Unreadable(
        "content-coding-invalid", "压缩流之后还有字节", "there are bytes after the compressed stream"
    )


_DECODERS: Final[Mapping[Coding, Callable[[Iterable[bytes]], Iterable[bytes]]]] = {
    "identity": _plain,
    "gzip": _gunzipped,
    "zstd": _unzstd,
}
