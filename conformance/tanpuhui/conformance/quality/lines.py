"""The lines of a file of records, plain or compressed, never more than a few at a time."""

from __future__ import annotations

import gzip
import io
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import zstandard

from tanpuhui.conformance.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CHUNK = 16_384
_TORN = (OSError, EOFError, zlib.error, zstandard.ZstdError)


def lines_of(path: Path, most_bytes: int) -> Iterator[bytes | None]:
    """Each line without its end, None for one that is longer than allowed; a blank last line is none."""
    try:
        with _opened(path) as stream:
            while line := stream.readline(most_bytes + 2):
                if line.endswith(b"\n") or len(line) <= most_bytes:
                    yield line.rstrip(b"\r\n")
                else:
                    _skip_rest(stream, most_bytes)
                    yield None
    except _TORN as error:
        raise Trouble(
            f"读不出 {path.name}：文件损坏、不完整或不是所称的格式",
            f"cannot read {path.name}: broken, cut short, or not of the format that its name says",
            "检查文件；可用 NDJSON、.gz、.zst 或 .parquet",
            "check the file; NDJSON, .gz, .zst or .parquet will do",
        ) from error


def _skip_rest(stream: BinaryIO, most_bytes: int) -> None:
    while (rest := stream.readline(most_bytes)) and not rest.endswith(b"\n"):
        pass


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if path.suffix == ".gz":
        with gzip.open(path, "rb") as stream:
            yield cast("BinaryIO", stream)
    elif path.suffix in {".zst", ".zstd"}:
        with path.open("rb") as packed:
            yield cast("BinaryIO", io.BufferedReader(_Unpacked(packed)))
    else:
        with path.open("rb") as stream:
            yield stream


class _Unpacked(io.RawIOBase):
    """Zstandard frames one after another; a last one that is cut short is an error, as it is with gzip."""

    def __init__(self, packed: BinaryIO) -> None:
        self._parts = _frames(packed)
        self._part = b""

    def readable(self) -> bool:
        """It is read only."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with what comes next."""
        while not self._part:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._part = part
        taken = self._part[: len(buffer)]
        self._part = self._part[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)


def _frames(packed: BinaryIO) -> Iterator[bytes]:
    frame = None
    while chunk := packed.read(_CHUNK):
        while chunk:
            frame = frame or zstandard.ZstdDecompressor().decompressobj()
            yield frame.decompress(chunk)
            chunk, frame = (frame.unused_data, None) if frame.eof else (b"", frame)
    if frame is not None:
        raise EOFError
