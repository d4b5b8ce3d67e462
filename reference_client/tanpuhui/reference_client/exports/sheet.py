"""A file under its layout: what its columns mean, and one row at a time as values in base units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tanpuhui.reference_client.exports.instant import Moment, moment
from tanpuhui.reference_client.exports.layout import plain_name, units
from tanpuhui.reference_client.exports.lines import Lines
from tanpuhui.reference_client.exports.number import Commas, Figure, figure, is_missing, plain
from tanpuhui.reference_client.exports.refusal import Refusal
from tanpuhui.reference_client.exports.wart import Tally

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from tanpuhui.reference_client.exports.heading import Found, Heading
    from tanpuhui.reference_client.exports.table import Row

CITY = "310000"
"""GB/T 2260 code of Shanghai as a whole, where a file does not name the district."""
_YEARS = range(2000, 2100)
Sizes = Mapping[tuple[str, str], Decimal]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the user says of the file; what is None has to stand in it or is found out."""

    link_id: str | None = None
    link_stand_in: str | None = None
    device_id: str | None = None
    device_prefix: str = ""
    plant_id: str | None = None
    district_code: str = CITY
    zone: tzinfo | None = None
    shift_days: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    capacity_kw: str | None = None
    grid_connected_on: str | None = None
    interval_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A column whose unit is not as stated, in one group: each line that bears it out is counted."""

    found: Found
    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the cells of a file need to be read: all that had to be found out from the file as a whole."""

    heading: Heading
    terms: Terms
    tally: Tally
    commas: Mapping[str, Commas] = field(default_factory=dict)
    sizes: Sizes = field(default_factory=dict)
    minutes_only: frozenset[str] = frozenset()
    doubts: Mapping[str, Sequence[Doubt]] = field(default_factory=dict)
    writings: dict[str, Lines] = field(default_factory=dict)
    """Which lines write their first time in which way."""

    def quiet(self) -> Sheet:
        """The same, with nobody to tell of warts."""
        return replace(self, tally=Tally(), writings={})

    def cells(self, row: Row) -> Cells:
        """One row."""
        return Cells(self, row)

    def note_writing(self, line: int, writing: str) -> None:
        """How a line writes its first time."""
        lines = self.writings.get(writing)
        if lines is None:
            lines = self.writings[writing] = Lines()
        lines.add(line)


class Cells:
    """The cells of one row as values; what is out of the ordinary is counted with its line."""

    __slots__ = ("_cells", "_found", "group", "line", "sheet")

    def __init__(self, sheet: Sheet, row: Row) -> None:
        self.sheet = sheet
        self.line = row.line
        self._cells = row.cells
        self._found = sheet.heading.found
        self.group = self.text("operator") if "operator" in self._found else ""
        """Whose rows share their units: the operator's, where the file names operators."""

    def note(self, kind: str, detail: str = "") -> None:
        """Counts a wart of this line."""
        self.sheet.tally.add(kind, self.line, detail)

    def has(self, column: str) -> bool:
        """Whether the file has the column at all."""
        return column in self._found

    def text(self, column: str) -> str:
        """The text of a cell; empty where the cell says that there is none."""
        found = self._found.get(column)
        text = plain(self._cells.get(found.heading, "")) if found else ""
        return "" if is_missing(text) else text

    def required(self, column: str, kind: str) -> str:
        """The text of a cell that may not be empty."""
        text = self.text(column)
        if not text:
            raise Refusal(kind)
        return text

    def figure(self, column: str) -> Figure | None:
        """The number as it stands there."""
        found = self._found.get(column)
        if found is None:
            return None
        try:
            read = figure(self._cells.get(found.heading, ""), self.sheet.commas.get(column, "unclear"))
        except Refusal as refusal:
            raise Refusal(refusal.kind, found.heading) from None
        for repair in read.repairs if read else ():
            self.note(repair, "" if repair == "full-width" else found.heading)
        return read

    def amount(self, column: str) -> Decimal | None:
        """The number in the base unit of its quantity."""
        read = self.figure(column)
        return None if read is None else read.value * self._size(column, read)

    def told(self, column: str) -> tuple[Decimal, Decimal] | None:
        """The same, with how finely the cell tells it: one unit of its last place."""
        read = self.figure(column)
        if read is None:
            return None
        size = self._size(column, read)
        return read.value * size, size.scaleb(int(read.value.as_tuple().exponent))

    def _size(self, column: str, read: Figure) -> Decimal:
        if not read.unit:
            return self.sheet.sizes.get((column, self.group), Decimal(1))
        found = self._found[column]
        quantity = found.column.quantity
        size = units(quantity).get(plain_name(read.unit)) if quantity else None
        if size is None:
            raise Refusal("number-invalid", found.heading)
        self.note("unit-in-cell", found.heading)
        return size

    def needed(self, column: str) -> Decimal:
        """An amount that may be neither missing nor negative."""
        value = self.amount(column)
        heading = self._found[column].heading if self.has(column) else column
        if value is None:
            raise Refusal("value-missing", heading)
        if value < 0:
            raise Refusal("value-negative", heading)
        return value

    def count(self, column: str) -> int:
        """A whole number."""
        value = self.needed(column)
        if value != int(value):
            raise Refusal("number-invalid", self._found[column].heading)
        return int(value)

    def coordinate(self, column: str) -> Decimal:
        """A longitude or latitude."""
        value = self.amount(column)
        if value is None:
            raise Refusal("value-missing", self._found[column].heading)
        return value

    def moment(self, column: str) -> Moment | None:
        """The instant as it stands there."""
        found = self._found.get(column)
        if found is None:
            return None
        cell = self._cells.get(found.heading, "")
        try:
            read = moment(cell, self.sheet.terms.zone, date_alone=found.column.date_alone)
        except Refusal as refusal:
            raise Refusal(refusal.kind, found.heading) from None
        if read is not None:
            self._note_time(column, read)
        return read

    def _note_time(self, column: str, read: Moment) -> None:
        for repair in read.repairs:
            self.note(repair)
        if read.writing != "ISO 8601":
            self.note("time-format", read.writing)
        if column == "start":
            self.sheet.note_writing(self.line, read.writing)

    def instant(self, column: str) -> datetime:
        """An instant that may not be missing, moved by the days that the user names."""
        at = self.instant_or_none(column)
        if at is None:
            raise Refusal("time-missing", self._found[column].heading)
        return at

    def instant_or_none(self, column: str) -> datetime | None:
        """An instant, moved by the days that the user names."""
        read = self.moment(column)
        return None if read is None else self._shifted(read.at, self._found[column].heading)

    def code(self, column: str, usual: str | None = None) -> str:
        """The law's code for a cell; the usual one where the cell is empty."""
        found = self._found.get(column)
        known = found.column.codes if found else {}
        word = plain_name(self._cells.get(found.heading, "")) if found else ""
        if word in known:
            return known[word]
        text = self.text(column)
        if not text and usual is not None:
            return usual
        if known or not text:
            raise Refusal("code-unknown", found.heading if found else column)
        return text

    def _shifted(self, at: datetime, heading: str) -> datetime:
        days = self.sheet.terms.shift_days
        try:
            moved = at + timedelta(days=days) if days else at
        except OverflowError:
            raise Refusal("time-invalid", heading) from None
        if moved.year not in _YEARS:
            raise Refusal("time-invalid", heading)
        return moved
