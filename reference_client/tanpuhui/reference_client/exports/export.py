"""Front door: an operator's export becomes raw activities, and everything wrong with it is told."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.calling.errors import InvalidInput, Text
from tanpuhui.reference_client.exports.ev_drafting import EvDrafting
from tanpuhui.reference_client.exports.event_drafting import BikeDrafting, BusDrafting, RailDrafting
from tanpuhui.reference_client.exports.evidence import ratio, with_units
from tanpuhui.reference_client.exports.gathering import Gathering
from tanpuhui.reference_client.exports.heading import guessed, heading_of, require_columns
from tanpuhui.reference_client.exports.home_drafting import HomeDrafting
from tanpuhui.reference_client.exports.layout import layouts
from tanpuhui.reference_client.exports.lines import Lines
from tanpuhui.reference_client.exports.pv_drafting import PvDrafting
from tanpuhui.reference_client.exports.refusal import Refusal
from tanpuhui.reference_client.exports.sheet import Sheet, Terms
from tanpuhui.reference_client.exports.survey import Survey
from tanpuhui.reference_client.exports.table import open_table
from tanpuhui.reference_client.exports.wart import Tally, Wart
from tanpuhui.reference_client.shape import activity_faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tanpuhui.reference_client.exports.draft import Draft, Drawn
    from tanpuhui.reference_client.exports.drafting import Drafting
    from tanpuhui.reference_client.exports.heading import Heading
    from tanpuhui.reference_client.exports.table import Row, Table

_ALL: tuple[type[Drafting], ...] = (
    RailDrafting,
    BusDrafting,
    BikeDrafting,
    EvDrafting,
    HomeDrafting,
    PvDrafting,
)
DRAFTINGS: Mapping[str, type[Drafting]] = MappingProxyType({found.scheme: found for found in _ALL})
_BROKEN = ("row-shape", "quote-open", "line-invalid")
_TELL_EVERY = 1000


@dataclass(frozen=True, slots=True)
class Source:
    """Which file, and how to open it; what is None is found out."""

    path: Path
    scheme: str | None = None
    encoding: str | None = None
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """What a file holds, ready to be reported."""

    scheme: str
    activities: tuple[Mapping[str, Any], ...]
    lines: Mapping[str, tuple[int, ...]]
    warts: tuple[Wart, ...]
    rows: int
    refused: int
    guessed: bool = False

    def wart(self, kind: str) -> tuple[Wart, ...]:
        """The warts of one kind, one for each detail."""
        return tuple(wart for wart in self.warts if wart.kind.id == kind)


def unwatched(rows: int) -> None:
    """For those who do not watch how many rows were read."""


class Reading:
    """A file that was looked over once; its activities come one by one, and then what was wrong is known."""

    def __init__(self, source: Source, terms: Terms, watch: Callable[[int], None] = unwatched) -> None:
        self.guessed, self.terms = source.scheme is None, terms
        self._tally, self._watch, self._read = Tally(), watch, 0
        self._table = open_table(source.path, self._tally, encoding=source.encoding, format_=source.format)
        _require_rows(self._table)
        heading = self._heading(source.scheme, terms)
        self._drafting_of = DRAFTINGS[heading.layout.scheme]
        self._survey = self._surveyed(heading, terms)
        self._drafting = self._drafting_of(self._sheet(heading, terms))
        self._refused = Lines()

    @property
    def scheme(self) -> str:
        """The scheme whose layout the file has."""
        return self._drafting.scheme

    @property
    def rows(self) -> int:
        """Rows that are or should have been activities."""
        return self._survey.rows + sum(len(lines) for lines in self._broken())

    @property
    def refused(self) -> int:
        """Rows that cannot become records."""
        for lines in self._broken():
            self._refused.update(lines.runs())
        return len(self._refused)

    def warts(self) -> tuple[Wart, ...]:
        """Everything that is wrong with the file, once all its activities were drawn."""
        return self._tally.warts()

    def drawn(self) -> Iterator[Drawn]:
        """The activities of the file, once; those whose ids come again and those of series come last."""
        with Gathering() as gathering:
            for drawn in self._all(gathering):
                if self._is_sound(drawn):
                    yield drawn
        self._note_writings()

    def _all(self, gathering: Gathering) -> Iterator[Drawn]:
        drafting, repeats = self._drafting, self._survey.repeats
        for draft in self._drafts():
            if drafting.series or draft.key in repeats:
                gathering.add(draft)
            else:
                yield drafting.single(draft)
        if drafting.once:
            for line in gathering.each_once(self._tally):
                self._refused.add(line)
        yield from drafting.drawn(gathering)

    def _drafts(self) -> Iterator[Draft]:
        sheet, draft = self._drafting.sheet, self._drafting.draft
        for row in self._rows(self._tally):
            if sheet.doubts:
                self._note_doubts(row)
            try:
                yield draft(sheet.cells(row))
            except Refusal as refusal:
                self._tally.add(refusal.kind, row.line, refusal.detail)
                self._refused.add(row.line)

    def _rows(self, tally: Tally) -> Iterator[Row]:
        for row in self._table.rows(tally):
            self._read += 1
            if self._read % _TELL_EVERY == 0:
                self._watch(self._read)
            yield row

    def _heading(self, scheme: str | None, terms: Terms) -> Heading:
        columns = self._table.columns
        found = None if scheme is None else heading_of(layouts()[scheme], columns, terms.columns)
        heading = found or guessed(columns, terms.columns)
        require_columns(heading, columns)
        return heading

    def _surveyed(self, heading: Heading, terms: Terms) -> Survey:
        survey = Survey(heading, terms, self._drafting_of.activity_id)
        for row in self._rows(Tally()):
            survey.take(row)
        return survey

    def _sheet(self, heading: Heading, terms: Terms) -> Sheet:
        survey = self._survey
        commas = survey.commas(semicolons=self._table.semicolons)
        sheet = Sheet(heading, terms, self._tally, commas, minutes_only=survey.minutes_only)
        return with_units(sheet, {group: found.kept for group, found in survey.samples.items()})

    def _note_doubts(self, row: Row) -> None:
        """Counts the line where it bears out that a column's unit is another one."""
        cells = self._drafting.sheet.quiet().cells(row)
        for doubt in self._drafting.sheet.doubts.get(cells.group, ()):
            if ratio(cells, doubt.found) is not None:
                self._tally.add(doubt.kind, row.line, doubt.detail)

    def _is_sound(self, drawn: Drawn) -> bool:
        """Whether an activity is as `testbed.yaml` says; one with a malformed device id, for instance, is not."""
        fault = next(iter(activity_faults(drawn.activity)), None)
        if fault is None:
            return True
        for line in drawn.lines:
            self._tally.add("malformed", line, fault.pointer.split("/")[1])
            self._refused.add(line)
        return False

    def _note_writings(self) -> None:
        """Lines whose times are written otherwise than most."""
        writings = self._drafting.sheet.writings
        usual = max(writings, key=lambda writing: len(writings[writing]), default="")
        for writing, lines in writings.items():
            if writing != usual:
                self._tally.found["time-formats-mixed", writing] = lines

    def _broken(self) -> Iterator[Lines]:
        found = self._tally.found
        return (lines for (kind, _), lines in found.items() if kind in _BROKEN)


def read_export(source: Source, terms: Terms) -> Export:
    """The activities of a file, all at once; short, long and fast ones are left for the rules of annex B."""
    reading = Reading(source, terms)
    drawn = list(reading.drawn())
    return Export(
        scheme=reading.scheme,
        activities=tuple(found.activity for found in drawn),
        lines={str(found.activity["activity_id"]): found.lines for found in drawn},
        warts=reading.warts(),
        rows=reading.rows,
        refused=reading.refused,
        guessed=reading.guessed,
    )


def _require_rows(table: Table) -> None:
    """Stops where no line can be an activity."""
    tally = Tally()
    if next(table.rows(tally), None) is not None:
        return
    if any(kind == "row-shape" for kind, _ in tally.found):
        raise InvalidInput(
            Text("每一行的单元格都比标题行多", "every line has more cells than the header"),
            Text(
                "第一行应是列名；删去其上的题名或 sep= 行",
                "the first line has to name the columns; take away a title or sep= above it",
            ),
            "IND-005",
        )
    raise InvalidInput(
        Text("文件只有标题行，没有活动", "the file has a header and no activities"),
        Text("检查导出的条件后重新导出", "check what the export was asked for and export again"),
        "IND-005",
    )
