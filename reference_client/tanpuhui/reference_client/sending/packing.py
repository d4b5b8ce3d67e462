"""Packs lines into one file until no more fit: bounded before and after compression, written as it goes (WRT-010)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol

import zstandard

from tanpuhui.spec.digest import BodyDigest

if TYPE_CHECKING:
    from collections.abc import Callable

GZIP, ZSTD = "gzip", "zstd"
_GZIP_LEVEL, _GZIP_WINDOW = 6, 31
_OVERHEAD_BYTES = 64
_OVERHEAD_SHARE = 1000
"""What cannot be compressed grows by no more than a thousandth, and a few bytes of framing."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one upload may hold: lines, bytes as sent, bytes unpacked, and the ratio of the two."""

    lines: int
    packed: int
    unpacked: int
    ratio: int


class _Coder(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self, mode: int, /) -> bytes: ...


class _Plain:
    def compress(self, data: bytes, /) -> bytes:
        return data

    def flush(self, _: int, /) -> bytes:
        return b""


@dataclass(frozen=True, slots=True)
class _Coding:
    coder: Callable[[], _Coder]
    flush: int
    finish: int


_CODINGS = {
    None: _Coding(_Plain, 0, 0),
    GZIP: _Coding(
        lambda: zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW), zlib.Z_SYNC_FLUSH, zlib.Z_FINISH
    ),
    ZSTD: _Coding(
        lambda: zstandard.ZstdCompressor().compressobj(),
        zstandard.COMPRESSOBJ_FLUSH_BLOCK,
        zstandard.COMPRESSOBJ_FLUSH_FINISH,
    ),
}


class Packing:
    """One file on its way to become an upload."""

    def __init__(self, file: BinaryIO, coding: str | None, bounds: Bounds) -> None:
        self._file, self._bounds = file, bounds
        self._coding = _CODINGS[coding]
        self._coder = self._coding.coder()
        self._digest = BodyDigest()
        self._pending = 0
        self.count = self.packed = self.unpacked = 0

    def take(self, line: bytes) -> bool:
        """Adds a line, unless it would break a bound."""
        if self.count >= self._bounds.lines or self.unpacked + len(line) > self._bounds.unpacked:
            return False
        if not self._fits(line):
            if not self._pending:
                return False
            self._write(self._coder.flush(self._coding.flush))
            self._pending = 0
            if not self._fits(line):
                return False
        self._write(self._coder.compress(line))
        self._pending += len(line)
        self.unpacked += len(line)
        self.count += 1
        return True

    def end(self) -> str:
        """Writes what is left; answers the digest of the whole file."""
        self._write(self._coder.flush(self._coding.finish))
        return self._digest.field()

    @property
    def too_dense(self) -> bool:
        """Whether a careful receiver would take this for a decompression bomb (API-010)."""
        return self.unpacked > self.packed * self._bounds.ratio

    def _fits(self, line: bytes) -> bool:
        held = self._pending + len(line)
        return self.packed + held + held // _OVERHEAD_SHARE + _OVERHEAD_BYTES <= self._bounds.packed

    def _write(self, piece: bytes) -> None:
        self._file.write(piece)
        self._digest.update(piece)
        self.packed += len(piece)
