"""Numbers of lines as runs of neighbours: a column that is wrong in a million lines takes no more room than one line."""

from __future__ import annotations

from array import array
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Run: TypeAlias = tuple[int, int]
_LATE_MAX = 1 << 16


class Lines:
    """A set of line numbers; they mostly come in order, and those that come late are sorted in together."""

    __slots__ = ("_firsts", "_lasts", "_late", "_newest")

    def __init__(self, lines: Iterable[int] = ()) -> None:
        self._firsts, self._lasts = array("Q"), array("Q")
        self._late: list[int] = []
        self._newest = -1
        for line in lines:
            self.add(line)

    def add(self, line: int) -> None:
        """One line more; a line that is there already stays one."""
        newest = self._newest
        if line == newest + 1 and self._lasts:
            self._lasts[-1] = line
        elif line > newest:
            self._firsts.append(line)
            self._lasts.append(line)
        else:
            if line < self._firsts[-1]:
                self._add_late(line)
            return
        self._newest = line

    def update(self, runs: Iterable[Run]) -> None:
        """All lines of these runs."""
        for first, last in runs:
            for line in range(first, last + 1):
                self.add(line)

    def runs(self) -> Iterator[Run]:
        """First and last line of each run, in order."""
        self._settle()
        return zip(self._firsts, self._lasts, strict=True)

    def __len__(self) -> int:
        self._settle()
        return sum(self._lasts) - sum(self._firsts) + len(self._lasts)

    def _add_late(self, line: int) -> None:
        self._late.append(line)
        if len(self._late) > max(_LATE_MAX, len(self._lasts)):
            self._settle()

    def _settle(self) -> None:
        """Merges what came late."""
        if not self._late:
            return
        late = sorted(set(self._late))
        known = zip(self._firsts, self._lasts, strict=True)
        self._firsts, self._lasts, self._late = array("Q"), array("Q"), []
        for first, last in sorted(chain(known, ((line, line) for line in late))):
            if self._lasts and first <= self._lasts[-1] + 1:
                self._lasts[-1] = max(self._lasts[-1], last)
            else:
                self._firsts.append(first)
                self._lasts.append(last)


def runs_text(runs: Iterable[Run]) -> str:
    """Runs as text, to be kept outside of memory."""
    return ",".join(f"{first}-{last}" for first, last in runs)


def runs_of(text: str) -> tuple[Run, ...]:
    """The runs of a text that was kept."""
    if "," not in text:
        first, _, last = text.partition("-")
        return ((int(first), int(last)),)
    pairs = (run.split("-") for run in text.split(","))
    return tuple((int(first), int(last)) for first, last in pairs)
