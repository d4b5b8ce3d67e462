"""Rows of CSV as exported in the field: other separators, rows of the wrong length; one row at a time."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.errors import InvalidInput, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
            raise _not_csv(reader.line_num) from error


def csv_rows(file: TextFile, tally: Tally) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows after the header, with the number of the line where each ends."""
    header = csv_columns(file)
    width = len(header)
    with file.opened("") as text:
        reader = csv.reader(text, delimiter=separator_of(file))
        next(reader, None)
        try:
            for cells in reader:
                if len(cells) > width and any(cell.strip() for cell in cells[width:]):
                    tally.add("row-shape", reader.line_num)
                else:
                    yield reader.line_num, dict(zip(header, map(str.strip, cells), strict=False))
        except csv.Error as error:
            raise _not_csv(reader.line_num) from error


def separator_of(file: TextFile) -> str:
    """The separator that the header uses most; a comma where it uses none."""
    with file.opened("") as text:
        header = text.readline(_LONGEST_HEADER)
    return max(_SEPARATORS, key=header.count)


def _not_csv(line: int) -> InvalidInput:
    return InvalidInput(
        Text(f"第 {line} 行不是 CSV", f"line {line} is no CSV"),
        Text("检查引号和分隔符", "check quotes and separators"),
        "IND-005",
    )
