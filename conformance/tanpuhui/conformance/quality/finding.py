"""What a check of files found: lines refused at the gate, and what each rule counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tanpuhui.spec.score import RuleCount, Scores, day_scores
from tanpuhui.spec.score_book import standings
from tanpuhui.spec.sql.mask import MOST_SAMPLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tanpuhui.spec.sql.bulk import SchemeTally
    from tanpuhui.spec.sql.mask import Tally


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, counted from one; of a columnar file, a row."""

    file: Path
    line: int

    def __str__(self) -> str:
        return f"{self.file.name}:{self.line}"


@dataclass(frozen=True, slots=True)
class Refusals:
    """How many lines were refused for one reason, in words, and the first few of them."""

    code: str
    zh: str
    en: str
    lines: int
    rows: tuple[int, ...]

    def with_one(self, row: int) -> Refusals:
        """One more line."""
        rows = self.rows if len(self.rows) >= MOST_SAMPLES else (*self.rows, row)
        return Refusals(self.code, self.zh, self.en, self.lines + 1, rows)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Which rows belong to which file: rows are numbered through all files."""

    starts: Sequence[tuple[Path, int]]

    def place(self, row: int) -> Place:
        """Where a row stands."""
        file, before = next((file, start) for file, start in reversed(self.starts) if start < row)
        return Place(file, row - before)


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one call."""

    shelf: Shelf
    lines: int
    refused: Sequence[Refusals]
    schemes: Mapping[str, SchemeTally]
    skipped: Sequence[str]

    @property
    def clean(self) -> bool:
        """Whether a platform would reject nothing of it for its form or by a rule."""
        broken = (
            rule for found in self.schemes.values() for rule, tally in found.rules.items() if tally.violations
        )
        return not self.refused and not any(standings()[rule].severity == "reject" for rule in broken)

    def scores(self, scheme: str) -> Scores:
        """Scores and grade of one scheme, all its records taken as one set."""
        found = self.schemes[scheme]
        counts = [RuleCount(rule, tally.applicable, tally.violations) for rule, tally in found.rules.items()]
        return day_scores(counts, records=found.records)

    def as_mapping(self) -> dict[str, Any]:
        """The whole finding as JSON."""
        return {
            "lines": self.lines,
            "refused": [
                {
                    "code": one.code,
                    "zh": one.zh,
                    "en": one.en,
                    "lines": one.lines,
                    "samples": self._places(one.rows),
                }
                for one in self.refused
            ],
            "schemes": [
                {
                    "scheme": scheme,
                    **self.scores(scheme).as_mapping(),
                    "rules": [self._rule(rule, tally) for rule, tally in found.rules.items()],
                }
                for scheme, found in self.schemes.items()
            ],
            "not_run": list(self.skipped),
            "clean": self.clean,
        }

    def _rule(self, rule: str, tally: Tally) -> dict[str, Any]:
        return {
            "rule": rule,
            "severity": standings()[rule].severity,
            "applicable": tally.applicable,
            "violations": tally.violations,
            "samples": self._places(tally.rows),
        }

    def _places(self, rows: Sequence[int]) -> list[str]:
        return [str(self.shelf.place(row)) for row in rows]
