"""Rows of CSV as exported in the field: other separators, rows of the wrong length; one row at a time."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.errors import InvalidInput, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tanpuhui.reference_client.exports.text_file import TextFile
    from tanpuhui.reference_client.exports.wart import Tally

_SEPARATORS = (",", ";", "\t", "|")
_LONGEST_HEADER = 1 << 20


def csv_columns(file: TextFile) -> list[str]:
    """The header."""
    with file.opened("") as text:
        reader = csv.reader(text, delimiter=separator_of(file))
        try:
            return [name.strip() for name in next(reader, [])]
        except csv.Error as error:
            raise _not_csv(1) from error


def csv_rows(file: TextFile, tally: Tally) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows after the header, with the number of the line where each ends."""
    header, separator = csv_columns(file), separator_of(file)
    width = len(header)
    with file.opened("") as text:
        reader = csv.reader(text, delimiter=separator)
        next(reader, None)
        before = reader.line_num
        try:
            for cells in reader:
                line = reader.line_num
                if line > before + 1 and _swallows(cells, separator, width):
                    for each in range(before + 1, line + 1):
                        tally.add("quote-open", each)
                elif len(cells) > width and any(cell.strip() for cell in cells[width:]):
                    tally.add("row-shape", line)
                else:
                    yield line, dict(zip(header, map(str.strip, cells), strict=False))
                before = line
        except csv.Error as error:
            raise _not_csv(before + 1) from error


def _swallows(cells: Iterable[str], separator: str, width: int) -> bool:
    """Whether a cell holds whole rows, as one does whose quote was never closed."""
    return any("\n" in cell and cell.count(separator) >= width - 1 for cell in cells)


def separator_of(file: TextFile) -> str:
    """The separator that the header uses most; a comma where it uses none."""
    with file.opened("") as text:
        header = text.readline(_LONGEST_HEADER)
    return max(_SEPARATORS, key=header.count)


def _not_csv(line: int) -> InvalidInput:
    most = csv.field_size_limit()
    return InvalidInput(
        Text(
            f"第 {line} 行起有一个单元格超过 {most} 个字符，多因引号没有成对",
            f"from line {line} on a cell is longer than {most} characters, mostly for want of a closing quote",
        ),
        Text("检查这一行的引号和分隔符", "check the quotes and separators of that line"),
        "IND-005",
    )
