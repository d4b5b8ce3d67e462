"""How results of rules become scores and grades (annex B): weights, thresholds and caps as published."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tanpuhui.spec.law import law_yaml
from tanpuhui.spec.rule import row_rules
from tanpuhui.spec.rule_head import InvalidRule, Severity, dimensions
from tanpuhui.spec.set_rule import set_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.spec.rule import Rule
    from tanpuhui.spec.set_rule import SetRule

_BOOK = "quality/scores.yaml"


@dataclass(frozen=True, slots=True)
class ScoreDimension:
    """One of the six dimensions of the report and the indicator codes that it gathers."""

    name: str
    zh: str
    en: str
    weight: Decimal
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Grade:
    """One of the five grades, the least total that earns it, and what it entails."""

    letter: str
    floor: Decimal
    consequence_zh: str
    consequence_en: str


@dataclass(frozen=True, slots=True)
class Cap:
    """The best grade that remains where a rule of this severity is broken by more than this share."""

    severity: Severity
    over: Decimal
    grade: str


@dataclass(frozen=True, slots=True)
class ScoreBook:
    """Everything that a score depends on, besides the results."""

    dimensions: tuple[ScoreDimension, ...]
    severity_weights: Mapping[Severity, Decimal]
    grades: tuple[Grade, ...]
    caps: tuple[Cap, ...]
    least_records: int
    places: int

    def grade_of(self, total: Decimal) -> Grade:
        """The grade that a total earns."""
        return next(grade for grade in self.grades if total >= grade.floor)

    def worst(self, letters: set[str]) -> Grade:
        """The lowest of some grades."""
        return next(grade for grade in reversed(self.grades) if grade.letter in letters)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a rule counts: in which dimension of the report, and how heavily."""

    dimension: str
    severity: Severity


@cache
def score_book() -> ScoreBook:
    """The book as the law publishes it; one that does not fit the catalogue is refused."""
    book = read_score_book(law_yaml(_BOOK))
    gathered = sorted(code for dimension in book.dimensions for code in dimension.codes)
    if gathered != sorted(dimensions()):
        raise InvalidRule(
            _BOOK, "各维度应恰好分完目录的指标码", "the dimensions shall share out the catalogue's codes"
        )
    return book


def read_score_book(data: Mapping[str, Any]) -> ScoreBook:
    """A book from its data."""
    weights = {severity: Decimal(weight) for severity, weight in data["severity_weights"].items()}
    return ScoreBook(
        dimensions=tuple(_dimension(name, entry) for name, entry in data["dimensions"].items()),
        severity_weights=MappingProxyType(weights),
        grades=tuple(_grade(entry) for entry in data["grades"]),
        caps=tuple(Cap(**{**entry, "over": Decimal(entry["over"])}) for entry in data["caps"]),
        least_records=data["least_records"],
        places=data["places"],
    )


@cache
def standings() -> Mapping[str, Standing]:
    """Where each rule of the catalogue counts, by its id."""
    homes = {code: dimension.name for dimension in score_book().dimensions for code in dimension.codes}
    catalogue: tuple[Rule | SetRule, ...] = (*row_rules(), *set_rules())
    return MappingProxyType(
        {rule.id: Standing(homes[rule.dimension.code], rule.severity) for rule in catalogue}
    )


def _dimension(name: str, entry: Mapping[str, Any]) -> ScoreDimension:
    words = entry["name"]
    return ScoreDimension(name, words["zh"], words["en"], Decimal(entry["weight"]), frozenset(entry["codes"]))


def _grade(entry: Mapping[str, Any]) -> Grade:
    words = entry["consequence"]
    return Grade(entry["grade"], Decimal(entry["floor"]), words["zh"], words["en"])
