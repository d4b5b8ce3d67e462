"""The verdicts in the order of the law: one row per requirement, one group per chapter."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from tanpuhui.conformance.certifying.coverage import concerns_scenario
from tanpuhui.conformance.report.chapter import chapter_title
from tanpuhui.conformance.verdict import Outcome, Text, Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tanpuhui.conformance.report.source import ReportSource
    from tanpuhui.spec.requirement import Requirement


@dataclass(frozen=True, slots=True)
class Word:
    """What a row is marked with: a verdict word, or why there is none."""

    key: str
    zh: str
    en: str


UNTESTABLE = Word("none", "不可测", "not testable")
NOT_RUN = Word("none", "未运行", "not run")
UNSCORED = Word("none", "不计分", "not scored")


def word_of(outcome: Outcome) -> Word:
    """The mark of a verdict."""
    return Word(outcome.value, outcome.words.zh, outcome.words.en)


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """One requirement with the verdicts of its checks, the gravest first."""

    requirement: Requirement
    word: Word
    outcome: Outcome | None
    verdicts: tuple[Verdict, ...] = ()
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One chapter of the law."""

    title: Text
    rows: tuple[ClauseRow, ...]


def clauses(source: ReportSource) -> tuple[Clause, ...]:
    """Everything that binds a scenario, and whatever else was judged."""
    judged = {verdict.requirement for verdict in source.result.verdicts}
    wanted = [one for one in source.requirements.values() if concerns_scenario(one) or one.id in judged]
    grouped = groupby(wanted, key=lambda requirement: requirement.chapter)
    return tuple(
        Clause(chapter_title(chapter), tuple(_row(source, requirement) for requirement in group))
        for chapter, group in grouped
    )


def tally(found: Iterable[Clause]) -> dict[Outcome, int]:
    """How many requirements have which outcome, the mildest first."""
    outcomes = [row.outcome for clause in found for row in clause.rows]
    return {outcome: outcomes.count(outcome) for outcome in Outcome}


def _row(source: ReportSource, requirement: Requirement) -> ClauseRow:
    verdicts = [one for one in source.result.verdicts if one.requirement == requirement.id]
    reason = source.edition.not_scored.get(requirement.id)
    if verdicts:
        return _judged(requirement, verdicts, reason)
    if requirement.untestable_zh:
        note = Text(requirement.untestable_zh, requirement.untestable_en or "")
        return ClauseRow(requirement, UNTESTABLE, None, note=note)
    if reason:
        return ClauseRow(requirement, UNSCORED, None, note=Text.both(reason))
    return ClauseRow(requirement, NOT_RUN, None, note=Text("本次未运行", "Not part of this run"))


def _judged(requirement: Requirement, verdicts: Sequence[Verdict], reason: str | None) -> ClauseRow:
    outcome = worst(one.outcome for one in verdicts)
    ordered = tuple(sorted(verdicts, key=lambda one: -one.outcome.rank))
    words = Text.both(reason) if reason else None
    note = Text(f"不计分：{words.zh}", f"Not scored: {words.en}") if words else None
    return ClauseRow(requirement, word_of(outcome), outcome, ordered, note)
