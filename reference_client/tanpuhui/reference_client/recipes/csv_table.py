"""Reads rows of a business system's CSV export; what cannot be read is told by its line, never guessed."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, TypeVar

from tanpuhui.reference_client.errors import InvalidInput, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import tzinfo

T = TypeVar("T")
_LARGEST = Decimal(10) ** 12
_SHOWN_FAULTS = 5


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that cannot be read."""

    line: int
    what: Text

    def __str__(self) -> str:
        return f"第 {self.line} 行：{self.what.zh} / line {self.line}: {self.what.en}"


class UnreadableCell(ValueError):
    """单元格无法读取 / A cell that cannot be read."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.what = Text(zh, en)


@dataclass(frozen=True, slots=True)
class Table:
    """The header and the rows with their line numbers."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]

    def column(self, candidates: Sequence[str], wanted: str | None, purpose: Text) -> str:
        """The column for a purpose: the one that was asked for, else the first candidate that is there."""
        choices = [wanted] if wanted is not None else list(candidates)
        present = {name.casefold(): name for name in reversed(self.columns)}
        found = next((present[name.casefold()] for name in choices if name.casefold() in present), None)
        if found is None:
            expected = ", ".join(repr(name) for name in choices)
            shown = ", ".join(repr(name) for name in self.columns[:12])
            raise InvalidInput(
                Text(f"没有{purpose.zh}列", f"there is no column for the {purpose.en}"),
                Text(f"需要 {expected}；文件中有 {shown}", f"expected {expected}; the file has {shown}"),
                "IND-005",
            )
        return found


def read_table(lines: Iterable[str]) -> Table:
    """The table of a CSV file; a header is needed."""
    reader = csv.reader(lines)
    try:
        header = next(reader, None)
        if not header or len(set(header)) != len(header):
            raise _bad_header()
        columns = tuple(name.strip() for name in header)
        rows = tuple(
            (reader.line_num, dict(zip(columns, cells, strict=False))) for cells in reader if any(cells)
        )
    except csv.Error as error:
        raise _not_csv(reader.line_num) from error
    except UnicodeDecodeError as error:
        raise _not_text(error.encoding) from error
    return Table(columns, rows)


def read_rows(table: Table, reader: Callable[[Mapping[str, str]], T]) -> tuple[list[T], list[Fault]]:
    """What the reader makes of each row, and the lines that it cannot read."""
    found: list[T] = []
    faults: list[Fault] = []
    for line, row in table.rows:
        try:
            found.append(reader(row))
        except UnreadableCell as cell:
            faults.append(Fault(line, cell.what))
    return found, faults


def require_sound(faults: Sequence[Fault]) -> None:
    """Stops at lines that cannot be read: a gap in the data has to be meant."""
    if not faults:
        return
    shown = "".join(f"\n  {fault}" for fault in faults[:_SHOWN_FAULTS])
    more = "\n  …" if len(faults) > _SHOWN_FAULTS else ""
    raise InvalidInput(
        Text(f"{len(faults)} 行无法读取", f"{len(faults)} lines cannot be read:{shown}{more}"),
        Text("改正这些行，或用 --skip-bad-lines 略过", "correct them, or leave them out by that option"),
        "IND-005",
    )


def instant_in(text: str | None, zone: tzinfo | None, shift_days: int = 0) -> datetime:
    """An instant in UTC; wall-clock time needs the zone that the user names (IND-003)."""
    try:
        found = datetime.fromisoformat((text or "").strip())
    except ValueError:
        raise UnreadableCell("时刻应为 ISO 8601 文本", "the time is no ISO 8601 text") from None
    if found.tzinfo is None and zone is None:
        raise UnreadableCell(
            "时刻没有时区偏移，用 --offset 给出", "the time has no offset; name one with --offset"
        )
    try:
        whole = found if found.tzinfo is not None else found.replace(tzinfo=zone)
        return whole.astimezone(UTC) + timedelta(days=shift_days)
    except OverflowError:
        raise UnreadableCell("时刻超出日历", "the time is beyond the calendar") from None


def number_in(text: str | None) -> Decimal:
    """A finite number of a size that occurs in the world."""
    try:
        found = Decimal((text or "").strip())
    except InvalidOperation:
        raise UnreadableCell("不是数", "no number where one is needed") from None
    if not found.is_finite() or abs(found) >= _LARGEST:
        raise UnreadableCell("数值超出可能的范围", "a number is beyond anything possible")
    return found


def utc_text(at: datetime) -> str:
    """An instant as a business system writes it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def grouped(items: Iterable[T], key: Callable[[T], str]) -> Iterator[tuple[str, list[T]]]:
    """Items by key, keys in order, items in the order of the file."""
    found: dict[str, list[T]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    yield from sorted(found.items())


def _bad_header() -> InvalidInput:
    return InvalidInput(
        Text("文件没有标题行，或列名重复", "the file has no header, or columns of the same name"),
        Text("第一行应是各不相同的列名", "the first line has to name the columns"),
        "IND-005",
    )


def _not_csv(line: int) -> InvalidInput:
    return InvalidInput(
        Text(f"第 {line} 行不是 CSV", f"line {line} is no CSV"),
        Text("检查引号和分隔符", "check quotes and separators"),
        "IND-005",
    )


def _not_text(encoding: str) -> InvalidInput:
    return InvalidInput(
        Text(f"文件不是 {encoding} 编码", f"the file is not encoded in {encoding}"),
        Text("用 --encoding 给出编码，如 gbk", "name the encoding with --encoding, gbk for instance"),
        "IND-005",
    )
