"""What is wrong with a file: each kind declared once with its treatment, counted with the lines concerned."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import chain, islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, get_args

import yaml

from tanpuhui.reference_client.calling.words import Text
from tanpuhui.reference_client.exports.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tanpuhui.reference_client.exports.lines import Run

Treatment = Literal["repaired", "flagged", "refused", "withheld"]
TREATMENTS: tuple[Treatment, ...] = get_args(Treatment)
RANGES_SHOWN = LINES_TOLD = 20
RUNS_KEPT = 1000
"""So many runs of neighbouring lines are named at most; the count is always that of all."""


@dataclass(frozen=True, slots=True)
class WartKind:
    """One way in which files are wrong; `detail` has its place in the words."""

    id: str
    treatment: Treatment
    clause: str
    words: Text
    next_step: Text | None


@dataclass(frozen=True, slots=True)
class Wart:
    """How often a kind occurs in a file, and where; a wart of the whole file has no lines."""

    kind: WartKind
    detail: str
    count: int
    runs: tuple[Run, ...]

    @property
    def words(self) -> Text:
        """What it is, with the column, group or unit concerned."""
        words = self.kind.words
        return Text(words.zh.format(detail=self.detail), words.en.format(detail=self.detail))

    @property
    def lines(self) -> tuple[int, ...]:
        """The lines of the runs that are named."""
        return tuple(_lines(self.runs))

    @property
    def places(self) -> str:
        """The lines, neighbours as ranges; of very many ranges the first."""
        shown = ", ".join(_ranges(self.runs[:RANGES_SHOWN]))
        return f"{shown}, …" if len(self.runs) > RANGES_SHOWN else shown

    def as_mapping(self) -> dict[str, Any]:
        """For machines."""
        return {
            "kind": self.kind.id,
            "treatment": self.kind.treatment,
            "clause": self.kind.clause,
            "zh": self.words.zh,
            "en": self.words.en,
            "detail": self.detail,
            "count": self.count,
            "lines": list(islice(_lines(self.runs), LINES_TOLD)),
            "ranges": _ranges(self.runs),
        }


@dataclass(slots=True)
class Tally:
    """Counts warts while a file is read."""

    found: dict[tuple[str, str], Lines] = field(default_factory=dict)

    def add(self, kind: str, line: int, detail: str = "") -> None:
        """One line with a wart; a line counts once for each kind and detail."""
        lines = self.found.get((kind, detail))
        if lines is None:
            lines = self.found[kind, detail] = Lines()
        lines.add(line)

    def whole(self, kind: str, detail: str = "") -> None:
        """A wart of the file as a whole."""
        self.found.setdefault((kind, detail), Lines())

    def warts(self) -> tuple[Wart, ...]:
        """What was found, in the order of the registry."""
        order = {kind: place for place, kind in enumerate(wart_kinds())}
        keys = sorted(self.found, key=lambda key: (order[key[0]], key[1]))
        return tuple(wart_of(wart_kinds()[kind], self.found[kind, detail], detail) for kind, detail in keys)


def wart_of(kind: WartKind, lines: Iterable[int] | Lines, detail: str = "", count: int | None = None) -> Wart:
    """A wart with its lines in order; it counts lines unless told otherwise, and the whole file once."""
    found = lines if isinstance(lines, Lines) else Lines(lines)
    return Wart(kind, detail, count or len(found) or 1, tuple(islice(found.runs(), RUNS_KEPT)))


@cache
def wart_kinds() -> Mapping[str, WartKind]:
    """The registry, by id."""
    entries = yaml.safe_load((files(__package__) / "warts.yaml").read_text(encoding="utf-8"))
    return MappingProxyType({entry["id"]: _kind(entry) for entry in entries})


def _kind(entry: Mapping[str, Any]) -> WartKind:
    following = Text(**entry["next"]) if "next" in entry else None
    return WartKind(
        entry["id"], entry["treatment"], entry["clause"], Text(entry["zh"], entry["en"]), following
    )


def _lines(runs: Iterable[Run]) -> Iterable[int]:
    return chain.from_iterable(range(first, last + 1) for first, last in runs)


def _ranges(runs: Iterable[Run]) -> list[str]:
    return [str(first) if first == last else f"{first}–{last}" for first, last in runs]
