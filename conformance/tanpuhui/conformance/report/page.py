"""The content of the report page as one value; the template only lays it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tanpuhui.conformance.report.card import Card, cards
from tanpuhui.conformance.report.caveat import Caveat, caveats
from tanpuhui.conformance.report.clause import Clause, Word, clauses, tally, word_of
from tanpuhui.conformance.report.figures import Figures, figures_of
from tanpuhui.conformance.report.headline import headline
from tanpuhui.conformance.verdict import Outcome, Text
from tanpuhui.spec.business_time import SHANGHAI, parse_instant

if TYPE_CHECKING:
    from tanpuhui.conformance.report.source import ReportSource
    from tanpuhui.conformance.result import RunResult, SceneResult

SHOWN_CARDS = 12


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what stands beside it."""

    name: Text
    value: Text


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a verdict word was given."""

    word: Word
    count: int


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the report page says."""

    source: ReportSource
    outcome: Word
    headline: Text
    tallies: tuple[Tally, ...]
    facts: tuple[Fact, ...]
    caveats: tuple[Caveat, ...]
    cards: tuple[Card, ...]
    cards_untold: int
    clauses: tuple[Clause, ...]
    figures: Figures | None
    digests: tuple[Fact, ...]

    @property
    def result(self) -> RunResult:
        """The run that the page tells of."""
        return self.source.result

    @property
    def scenes(self) -> tuple[SceneResult, ...]:
        """How each scene went."""
        return self.source.result.scenes

    @property
    def words(self) -> tuple[Word, ...]:
        """The marks that occur, each once, for the filter."""
        found = {row.outcome for clause in self.clauses for row in clause.rows}
        return tuple(word_of(outcome) for outcome in reversed(Outcome) if outcome in found)

    @property
    def topics(self) -> tuple[tuple[str, Text], ...]:
        """The topics that occur, with the chapter that holds them."""
        found = {row.requirement.topic: clause.title for clause in self.clauses for row in clause.rows}
        return tuple(found.items())

    @property
    def carded(self) -> frozenset[str]:
        """The checks that have a card."""
        return frozenset(name for card in self.cards for name in (card.check, *card.also))


def page_of(source: ReportSource) -> Page:
    """Lay out a finished run for people."""
    found, all_cards = clauses(source), cards(source)
    counts = tally(found)
    return Page(
        source=source,
        outcome=word_of(source.result.outcome),
        headline=headline(source, counts),
        tallies=tuple(
            Tally(word_of(outcome), count)
            for outcome, count in reversed(counts.items())
            if _told(outcome, count)
        ),
        facts=_facts(source),
        caveats=caveats(source),
        cards=all_cards[:SHOWN_CARDS],
        cards_untold=max(0, len(all_cards) - SHOWN_CARDS),
        clauses=found,
        figures=figures_of(source.result.header.bank),
        digests=_digests(source.result),
    )


def _told(outcome: Outcome, count: int) -> bool:
    """An error of the kit is told only where there is one."""
    return outcome is not Outcome.KIT_ERROR or count > 0


def _facts(source: ReportSource) -> tuple[Fact, ...]:
    header = source.result.header
    seconds = sum(scene.seconds for scene in source.result.scenes)
    scenario = header.scenario
    return (
        _fact("场景", "Scenario", f"{scenario['name']} {scenario['version']}"),
        _fact("活动类型", "Schemes", "、".join(scenario["schemes"])),
        _fact("规范版本", "Edition", header.edition),
        _fact("运行时间", "Run at", _second(header.started_at)),
        Fact(Text("用时", "Took"), Text(f"{seconds:.1f} 秒", f"{seconds:.1f} s")),
        _fact("种子", "Seed", str(header.seed)),
        _fact("运行号", "Run", header.run_id),
        Fact(
            Text("证据类别", "Evidence"),
            _EVIDENCE.get(header.evidence_class, Text.both(header.evidence_class)),
        ),
    )


def _digests(result: RunResult) -> tuple[Fact, ...]:
    header = result.header
    bank = str(header.bank.get("digest", "")) if header.bank else ""
    named = (
        ("规范", "Law", header.law_digest),
        (f"工具 {header.kit_version}", f"Kit {header.kit_version}", header.kit_digest),
        ("缺陷库", "Fault bank", bank),
        ("运行记录", "Transcript", result.transcript_digest),
        ("运行配置", "Run configuration", header.config_digest),
    )
    return tuple(_fact(zh, en, value) for zh, en, value in named if value)


def _second(instant: str) -> str:
    """An instant as people read it."""
    return parse_instant(instant).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S %Z")


def _fact(zh: str, en: str, value: str) -> Fact:
    return Fact(Text(zh, en), Text(value, value))


_EVIDENCE = {
    "self-run": Text("自测", "self-run"),
    "witnessed": Text("见证", "witnessed"),
    "exchange-run": Text("机构运行", "run by the exchange"),
}
