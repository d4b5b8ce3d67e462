"""Scores and grades of a day or a month (QUA-003): exact, cut at two places in the last step."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from tanpuhui.spec.quantity import decimal_text
from tanpuhui.spec.rule_head import InvalidRule
from tanpuhui.spec.score_book import Grade, ScoreBook, Standing, score_book, standings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Weighted: TypeAlias = "Iterable[tuple[Fraction | Decimal, Decimal | int]]"

_FULL = 100


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many records a rule applied to and how many broke it, rejected records among them."""

    rule_id: str
    applicable: int
    violations: int

    def __post_init__(self) -> None:
        if not 0 <= self.violations <= self.applicable:
            raise InvalidRule(
                self.rule_id,
                "违反数应不大于适用数，且都不为负",
                "the violations are at most the applicable records, neither negative",
            )

    @property
    def rate(self) -> Fraction:
        """The share that broke the rule; a rule that applied to nothing was not broken."""
        return Fraction(self.violations, self.applicable or 1)


@dataclass(frozen=True, slots=True)
class Scores:
    """What a report says of one scheme in one period; None where there was nothing to judge, or too little."""

    records: int
    dimensions: Mapping[str, Decimal | None]
    total: Decimal | None
    grade: Grade | None
    capped_by: tuple[str, ...] = ()

    def as_mapping(self) -> dict[str, Any]:
        """The members that the quality report shows."""
        grade = self.grade
        words = f"{grade.consequence_zh} / {grade.consequence_en}" if grade else None
        return {
            "records": self.records,
            "scores": {name: _text(value) for name, value in self.dimensions.items()},
            "score": _text(self.total),
            "grade": grade.letter if grade else None,
            "consequence": words,
        }


def day_scores(counts: Sequence[RuleCount], *, records: int) -> Scores:
    """The scores of one day's records from what each rule found."""
    book = score_book()
    exact = {dimension.name: _dimension_score(dimension.name, counts, book) for dimension in book.dimensions}
    pairs = [(exact[dimension.name], dimension.weight) for dimension in book.dimensions]
    total = _mean((value, weight) for value, weight in pairs if value is not None)
    return _scores(records, exact, total, counts)


def month_scores(days: Sequence[Scores], counts: Sequence[RuleCount]) -> Scores:
    """The scores of a month: its days' scores as published, weighted by their records.

    `counts` are the month's sums; by them a failure that the days thinned out still caps the grade.
    """
    names = [dimension.name for dimension in score_book().dimensions]
    weighed = {name: _mean(_known(days, [day.dimensions[name] for day in days])) for name in names}
    total = _mean(_known(days, [day.total for day in days]))
    return _scores(sum(day.records for day in days), weighed, total, counts)


def summed(counts: Iterable[RuleCount]) -> tuple[RuleCount, ...]:
    """The counts of several days rule by rule, in the order in which rules first occur."""
    sums: dict[str, RuleCount] = {}
    for count in counts:
        before = sums.get(count.rule_id, RuleCount(count.rule_id, 0, 0))
        sums[count.rule_id] = RuleCount(
            count.rule_id, before.applicable + count.applicable, before.violations + count.violations
        )
    return tuple(sums.values())


def _dimension_score(name: str, counts: Iterable[RuleCount], book: ScoreBook) -> Fraction | None:
    """The mean of the dimension's rules, weighted by severity, of 100."""
    judged = [(count, _standing(count.rule_id)) for count in counts if count.applicable]
    return _mean(
        ((1 - count.rate) * _FULL, book.severity_weights[standing.severity])
        for count, standing in judged
        if standing.dimension == name
    )


def _scores(
    records: int,
    exact: Mapping[str, Fraction | None],
    total: Fraction | None,
    counts: Sequence[RuleCount],
) -> Scores:
    shown = MappingProxyType({name: _cut(value) for name, value in exact.items()})
    book, whole = score_book(), _cut(total)
    if whole is None or records < book.least_records:
        return Scores(records, shown, whole, None)
    earned = book.grade_of(whole)
    found = [(count.rule_id, letter) for count in counts for letter in _caps(count, book)]
    grade = book.worst({earned.letter, *(letter for _, letter in found)})
    capped_by = tuple(dict.fromkeys(rule for rule, letter in found if letter == grade.letter))
    return Scores(records, shown, whole, grade, capped_by if grade is not earned else ())


def _caps(count: RuleCount, book: ScoreBook) -> list[str]:
    severity = _standing(count.rule_id).severity
    return [cap.grade for cap in book.caps if cap.severity == severity and count.rate > cap.over]


def _standing(rule_id: str) -> Standing:
    found = standings().get(rule_id)
    if found is None:
        raise InvalidRule(rule_id, "目录中没有这条规则", "the catalogue has no such rule")
    return found


def _known(days: Sequence[Scores], values: Sequence[Decimal | None]) -> Weighted:
    pairs = zip(values, days, strict=True)
    return [(value, day.records) for value, day in pairs if value is not None]


def _mean(weighted: Weighted) -> Fraction | None:
    pairs = [(Fraction(value), Fraction(weight)) for value, weight in weighted]
    whole = sum((weight for _, weight in pairs), Fraction())
    return sum((value * weight for value, weight in pairs), Fraction()) / whole if whole else None


def _cut(value: Fraction | None) -> Decimal | None:
    if value is None:
        return None
    places = score_book().places
    return Decimal(value.numerator * 10**places // value.denominator).scaleb(-places)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else decimal_text(value, score_book().places)
