"""A file of text as exported in the field: byte order marks, GBK; decoded piece by piece, as often as it is read."""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.errors import InvalidInput, Text

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TextIO

    from tanpuhui.reference_client.exports.wart import Tally

_BOM_GB18030 = "\ufeff".encode("gb18030")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (_BOM_GB18030, "gb18030"),
)
_GUESSES = ("utf-8", "gb18030")
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class TextFile:
    """Where the text is, how it is encoded, and how many bytes come before it."""

    path: Path
    encoding: str
    skipped: int = 0

    def opened(self, newline: str) -> TextIO:
        """The text from its beginning; `newline` as in `open`."""
        file = self.path.open("rb")
        file.seek(self.skipped)
        return io.TextIOWrapper(file, self.encoding, newline=newline)


def text_file(path: Path, encoding: str | None, tally: Tally) -> TextFile:
    """The file with its encoding; without a name UTF-8 is tried first, then GB 18030, which takes in GBK."""
    with path.open("rb") as file:
        begins = file.read(max(len(mark) for mark, _ in _MARKS))
    for mark, named in _MARKS:
        if begins.startswith(mark):
            tally.whole("byte-order-mark")
            if named != "utf-8":
                tally.whole("encoding", named)
            return _decodable(TextFile(path, named, len(mark)))
    if encoding is not None:
        return _decodable(TextFile(path, encoding))
    return _guessed(path, tally)


def _guessed(path: Path, tally: Tally) -> TextFile:
    for guess in _GUESSES:
        found = TextFile(path, guess)
        try:
            _read_through(found)
        except UnicodeDecodeError:
            continue
        if guess != "utf-8":
            tally.whole("encoding", guess)
        return found
    raise _not_text("UTF-8, GB 18030")


def _decodable(file: TextFile) -> TextFile:
    try:
        _read_through(file)
    except UnicodeDecodeError as error:
        raise _not_text(file.encoding) from error
    return file


def _read_through(file: TextFile) -> None:
    decoder = codecs.getincrementaldecoder(file.encoding)()
    with file.path.open("rb") as pieces:
        pieces.seek(file.skipped)
        while piece := pieces.read(_PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)


def _not_text(encoding: str) -> InvalidInput:
    return InvalidInput(
        Text(f"文件不是 {encoding} 编码", f"the file is not encoded in {encoding}"),
        Text("用 --encoding 给出编码，如 gbk", "name the encoding with --encoding, gbk for instance"),
        "IND-005",
    )
