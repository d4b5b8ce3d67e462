"""The first time through a file: what can only be told from all its rows, kept in little room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.reference_client.exports.number import CommaEvidence
from tanpuhui.reference_client.exports.refusal import Refusal
from tanpuhui.reference_client.exports.repeats import Repeats
from tanpuhui.reference_client.exports.sampling import Sampling
from tanpuhui.reference_client.exports.sheet import Sheet
from tanpuhui.reference_client.exports.wart import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from tanpuhui.reference_client.exports.heading import Heading
    from tanpuhui.reference_client.exports.number import Commas
    from tanpuhui.reference_client.exports.sheet import Cells, Terms
    from tanpuhui.reference_client.exports.table import Row

_OF_A_GROUP, _OF_MANY_GROUPS, _MANY_GROUPS = 1000, 30, 20


class Survey:
    """Counts rows, spreads samples over them, and marks ids that come again."""

    def __init__(self, heading: Heading, terms: Terms, key: Callable[[str], str]) -> None:
        self.rows = 0
        self._key = key
        self.repeats = Repeats()
        self.samples: dict[str, Sampling[Row]] = {}
        self._quiet = Sheet(heading, terms, Tally())
        self._evidence = {
            found.column.id: (found.heading, CommaEvidence())
            for found in heading.found.values()
            if found.column.kind == "number"
        }
        self._has_end = "end" in heading.found
        self._fine: set[str] = set()
        self._coarse: set[str] = set()

    def take(self, row: Row) -> None:
        """One row more."""
        self.rows += 1
        cells = self._quiet.cells(row)
        name = cells.text("id")
        if name:
            self.repeats.take(self._key(name))
        for heading, evidence in self._evidence.values():
            evidence.take(row.cells.get(heading, ""))
        self._sampling(cells.group).take(row)
        if self._has_end and cells.group not in self._fine:
            self._look_at_seconds(cells)

    def commas(self, *, semicolons: bool) -> Mapping[str, Commas]:
        """What a comma means in each column of numbers."""
        return {
            column: evidence.meaning(semicolons=semicolons)
            for column, (_, evidence) in self._evidence.items()
        }

    @property
    def minutes_only(self) -> frozenset[str]:
        """Groups in which no time has seconds."""
        return frozenset(self._coarse - self._fine)

    def _sampling(self, group: str) -> Sampling[Row]:
        found = self.samples.get(group)
        if found is None:
            few = len(self.samples) < _MANY_GROUPS
            found = self.samples[group] = Sampling(_OF_A_GROUP if few else _OF_MANY_GROUPS)
        return found

    def _look_at_seconds(self, cells: Cells) -> None:
        for at in _ends(cells):
            (self._fine if at.second else self._coarse).add(cells.group)


def _ends(cells: Cells) -> Iterator[datetime]:
    try:
        ends = cells.instant("start"), cells.instant_or_none("end")
    except Refusal:
        return
    yield from (at for at in ends if at is not None)
