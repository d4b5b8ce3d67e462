"""Reads an upload line by line: every line is weighed as a record or says why it is none (WRT-010)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from tanpuhui.mock_platform.handlers.verdicts import weigh
from tanpuhui.mock_platform.interface.unpacking import Unreadable, unpacked
from tanpuhui.spec.strict_json import StrictJsonError, parse_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tanpuhui.mock_platform.handlers.verdicts import Bench, Opinion
    from tanpuhui.mock_platform.state.spool import Coding
    from tanpuhui.spec.limits import Limits


@dataclass(frozen=True, slots=True)
class Packet:
    """A body as it was taken in."""

    coding: Coding
    size: int
    parts: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an upload: the opinion on its record, or what is wrong with it."""

    index: int
    opinion: Opinion | None = None
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The next lines, whether they are the last, and what stopped the reading if anything did."""

    lines: Sequence[Line]
    ended: bool = False
    broken: Unreadable | None = None


class Reader:
    """Reads on from a line, a stretch at a time, and never holds more than that; `line` is the next one."""

    def __init__(self, packet: Packet, limits: Limits, start: int) -> None:
        self._limits = limits
        most = min(limits.upload_unpacked_max_bytes, limits.upload_unpacked_max_ratio * packet.size)
        texts = split_lines(unpacked(packet.parts, packet.coding, most), limits.line_max_bytes)
        self._lines = islice(enumerate(texts), start, None)
        self.line = start

    def stretch(self, most: int, bench: Bench) -> Stretch:
        """At most so many of the lines that follow, weighed."""
        lines: list[Line] = []
        try:
            for index, text in islice(self._lines, most):
                lines.append(self._line(index, text, bench))
                self.line = index + 1
        except Unreadable as broken:
            return Stretch(lines, broken=broken)
        return Stretch(lines, ended=len(lines) < most)

    def _line(self, index: int, text: bytes | None, bench: Bench) -> Line:
        limits = self._limits
        if index >= limits.upload_max_records:
            raise Unreadable(
                "limit-exceeded",
                f"超过 {limits.upload_max_records} 行（WRT-010）",
                f"more than {limits.upload_max_records} lines (WRT-010)",
            )
        if text is None:
            return Line(
                index, flaw=f"该行超过 {limits.line_max_bytes} 字节 / the line is longer than that many bytes"
            )
        try:
            value = parse_json(text, max_depth=limits.json_max_depth, max_string=limits.string_max_chars)
        except StrictJsonError as error:
            return Line(index, flaw=str(error))
        return Line(index, weigh(value, bench))


def split_lines(pieces: Iterable[bytes], longest: int) -> Iterator[bytes | None]:
    """Each line without its end, None for one that is longer than allowed; nothing follows the last end."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            yield line if len(line) <= longest else None
        rest = rest[: longest + 1]
    if rest:
        yield rest if len(rest) <= longest else None
