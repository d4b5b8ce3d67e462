"""QUA-003: from what the rules found to six scores, a total and a grade, exactly as annex B says."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest

from tanpuhui.spec.element import schemes
from tanpuhui.spec.law import law_yaml
from tanpuhui.spec.rule import row_rules
from tanpuhui.spec.rule_head import InvalidRule
from tanpuhui.spec.score import RuleCount, Scores, day_scores, month_scores, summed
from tanpuhui.spec.score_book import read_score_book, score_book, standings
from tanpuhui.spec.set_rule import set_rules

RULES = (*row_rules(), *set_rules())
BOOK = law_yaml("quality/scores.yaml")


def of(name: str, severity: str) -> str:
    """A rule of the catalogue that counts in this dimension with this severity."""
    return next(
        rule
        for rule, standing in standings().items()
        if (standing.dimension, standing.severity) == (name, severity)
    )


def letter(scores: Scores) -> str | None:
    return None if scores.grade is None else scores.grade.letter


def test_a_day_without_a_fault_has_full_scores_and_the_best_grade() -> None:
    scores = day_scores([RuleCount(rule.id, 100, 0) for rule in RULES], records=100)
    assert set(scores.dimensions.values()) == {Decimal("100.00")}
    assert (scores.total, letter(scores), scores.capped_by) == (Decimal("100.00"), "A", ())


def test_every_scheme_can_be_scored_in_all_six_dimensions() -> None:
    for code in schemes():
        about = [RuleCount(rule.id, 1, 0) for rule in RULES if rule.scheme in {None, code}]
        assert None not in day_scores(about, records=1).dimensions.values()


def test_a_dimension_is_the_mean_of_its_rules_weighted_by_severity() -> None:
    counts = [RuleCount(of("validity", "reject"), 3, 0), RuleCount(of("validity", "flag"), 3, 1)]
    weights = score_book().severity_weights
    whole = weights["reject"] + weights["flag"]
    expected = (weights["reject"] * 300 + weights["flag"] * 200) / (3 * whole)
    scores = day_scores(counts, records=3)
    assert scores.dimensions["validity"] == expected.quantize(Decimal("0.01"), rounding="ROUND_DOWN")


def test_scores_are_cut_and_never_rounded_up() -> None:
    (count,) = [RuleCount(of("validity", "flag"), 3000, 1)]
    scores = day_scores([count], records=3000)
    assert scores.dimensions["validity"] == Decimal("99.96")
    assert scores.as_mapping()["score"] == "99.96"


def test_what_was_not_judged_neither_helps_nor_harms() -> None:
    faulty = RuleCount(of("accuracy", "flag"), 100, 10)
    scores = day_scores([faulty, RuleCount(of("uniqueness", "reject"), 0, 0)], records=100)
    assert {name for name, value in scores.dimensions.items() if value is not None} == {"accuracy"}
    assert scores.total == Decimal("90.00")
    assert scores.as_mapping()["scores"]["uniqueness"] is None


def test_nothing_judged_is_no_score_and_no_grade() -> None:
    scores = day_scores([], records=0)
    assert scores.as_mapping() == {
        "records": 0,
        "scores": dict.fromkeys(scores.dimensions),
        "score": None,
        "grade": None,
        "consequence": None,
    }


def test_few_records_have_scores_but_no_grade() -> None:
    least = score_book().least_records
    count = RuleCount(of("validity", "hold"), least, 0)
    assert letter(day_scores([count], records=least)) == "A"
    few = day_scores([count], records=least - 1)
    assert (few.total, few.grade) == (Decimal("100.00"), None)


@pytest.mark.parametrize(
    ("violations", "expected"), [(0, "A"), (10, "A"), (11, "C"), (50, "C"), (51, "D"), (200, "D"), (201, "E")]
)
def test_a_score_hides_no_failure(violations: int, expected: str) -> None:
    failing = RuleCount(of("uniqueness", "reject"), 1000, violations)
    others = [RuleCount(rule.id, 1000, 0) for rule in RULES if rule.id != failing.rule_id]
    scores = day_scores([*others, failing], records=1000)
    assert scores.total is not None
    assert scores.total > 90
    assert letter(scores) == expected
    assert scores.capped_by == (() if expected == "A" else (failing.rule_id,))


def test_a_flag_lowers_the_score_and_caps_nothing() -> None:
    flagged = RuleCount(of("timeliness", "flag"), 100, 100)
    others = [RuleCount(rule.id, 100, 0) for rule in RULES if rule.id != flagged.rule_id]
    scores = day_scores([*others, flagged], records=100)
    assert letter(scores) == "A"
    assert scores.dimensions["timeliness"] != Decimal(100)


def test_a_month_weighs_its_days_by_their_records() -> None:
    rule = of("completeness", "flag")
    good, bad = [RuleCount(rule, 300, 0)], [RuleCount(rule, 100, 40)]
    days = [day_scores(good, records=300), day_scores(bad, records=100), day_scores([], records=0)]
    month = month_scores(days, summed([*good, *bad]))
    assert (month.records, month.total, month.dimensions["completeness"]) == (400, Decimal(90), Decimal(90))
    assert letter(month) == "C"


def test_a_month_is_capped_by_its_own_rates() -> None:
    rule = of("uniqueness", "reject")
    counts = [RuleCount(rule, 1000, 0), RuleCount(rule, 10, 5)]
    days = [day_scores([count], records=count.applicable) for count in counts]
    month = month_scores(days, summed(counts))
    assert [count.violations for count in summed(counts)] == [5]
    assert letter(month) == "A"
    assert letter(month_scores(days, [RuleCount(rule, 1010, 51)])) == "D"


@pytest.mark.parametrize(("applicable", "violations"), [(1, 2), (1, -1), (-1, -1)])
def test_counts_that_cannot_be_are_refused(applicable: int, violations: int) -> None:
    with pytest.raises(InvalidRule, match="at most the applicable"):
        RuleCount("Q-ENV-001", applicable, violations)


def test_a_rule_that_the_catalogue_does_not_have_is_refused() -> None:
    with pytest.raises(InvalidRule, match="no such rule"):
        day_scores([RuleCount("Q-ENV-999", 1, 0)], records=1)


def test_the_five_grades_go_down_to_zero_and_every_cap_names_one() -> None:
    book = score_book()
    floors = [grade.floor for grade in book.grades]
    assert [grade.letter for grade in book.grades] == list("ABCDE")
    assert floors == sorted(floors, reverse=True)
    assert floors[-1] == 0
    assert {cap.grade for cap in book.caps} <= set("ABCDE")
    assert all(grade.consequence_zh and grade.consequence_en for grade in book.grades)


def test_other_weights_and_bounds_are_a_change_of_data() -> None:
    data: dict[str, Any] = copy.deepcopy(BOOK)
    data["grades"][0]["floor"] = "99.5"
    assert read_score_book(data).grade_of(Decimal("99.49")).letter == "B"
