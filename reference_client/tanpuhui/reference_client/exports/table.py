"""A file as a table of text, whatever its format; what is wrong with the file itself is told by its line."""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, NamedTuple

from tanpuhui.reference_client.calling.errors import InvalidInput, Text
from tanpuhui.reference_client.exports.content import require_header, require_text
from tanpuhui.reference_client.exports.csv_rows import csv_columns, csv_rows, separator_of
from tanpuhui.reference_client.exports.ndjson_rows import ndjson_columns, ndjson_rows
from tanpuhui.reference_client.exports.parquet_rows import parquet_columns, parquet_rows
from tanpuhui.reference_client.exports.text_file import text_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from tanpuhui.reference_client.exports.text_file import TextFile
    from tanpuhui.reference_client.exports.wart import Tally

FORMATS: Mapping[str, str] = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "csv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".parquet": "parquet",
}
_TOTALS = frozenset({"合计", "总计", "小计", "汇总", "total", "totals", "sum", "subtotal", "grandtotal"})
_LONGEST_TOTAL = 20


class Row(NamedTuple):
    """The cells of one line, stripped; what the line does not have is absent."""

    line: int
    cells: Mapping[str, str]


class Table(ABC):
    """The columns of a file, and its rows as often as they are asked for; none is kept."""

    columns: tuple[str, ...]
    semicolons = False

    @abstractmethod
    def read(self, tally: Tally) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Every row with its line."""

    def rows(self, tally: Tally) -> Iterator[Row]:
        """The rows that may be activities."""
        return _activities(self.read(tally), tally)


class _Csv(Table):
    def __init__(self, file: TextFile) -> None:
        self.file, self.columns = file, tuple(csv_columns(file))
        self.semicolons = separator_of(file) == ";"

    def read(self, tally: Tally) -> Iterator[tuple[int, Mapping[str, str]]]:
        return csv_rows(self.file, tally)


class _Ndjson(Table):
    def __init__(self, file: TextFile) -> None:
        self.file, self.columns = file, tuple(ndjson_columns(file))

    def read(self, tally: Tally) -> Iterator[tuple[int, Mapping[str, str]]]:
        return ndjson_rows(self.file, tally)


class _Parquet(Table):
    def __init__(self, path: Path) -> None:
        self.path, self.columns = path, tuple(parquet_columns(path))

    def read(self, tally: Tally) -> Iterator[tuple[int, Mapping[str, str]]]:  # noqa: ARG002
        return parquet_rows(self.path)


def format_of(path: Path) -> str:
    """The format that the file's suffix names; CSV where it names none."""
    return FORMATS.get(path.suffix.casefold(), "csv")


def open_table(path: Path, tally: Tally, *, encoding: str | None = None, format_: str | None = None) -> Table:
    """The table of a file; `encoding` is found out where it is not named."""
    if not path.is_file():
        raise _not_a_file(path)
    table = _table(path, tally, encoding, format_ or format_of(path))
    require_header(table.columns)
    return table


def _table(path: Path, tally: Tally, encoding: str | None, form: str) -> Table:
    if form == "parquet":
        return _Parquet(path)
    require_text(path, form)
    file = text_file(path, encoding, tally)
    return _Ndjson(file) if form == "ndjson" else _Csv(file)


def _activities(rows: Iterable[tuple[int, Mapping[str, str]]], tally: Tally) -> Iterator[Row]:
    """Leaves out lines that are no activities."""
    for line, cells in rows:
        filled = next(filter(None, cells.values()), "")
        if not filled:
            tally.add("blank-line", line)
        elif _is_total(filled):
            tally.add("totals-row", line)
        elif filled in cells and all(text == name for name, text in cells.items()):
            tally.add("header-repeated", line)
        else:
            yield Row(line, cells)


def _is_total(text: str) -> bool:
    if len(text) > _LONGEST_TOTAL or (text.isascii() and not text[0].isalpha()):
        return False
    plain = unicodedata.normalize("NFKC", text).casefold().replace(" ", "")
    return plain.rstrip(":") in _TOTALS


def _not_a_file(path: Path) -> InvalidInput:
    return InvalidInput(
        Text(f"{path.name} 不是可以读两遍的文件", f"{path.name} is no file that can be read twice"),
        Text("先存为文件", "save it as a file first"),
        "IND-005",
    )
