"""A run on a terminal: how it goes on, one line per requirement, and a card for whatever needs an action."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from tanpuhui.conformance.event import RunEvent, RunStarted, SceneFinished, SceneStarted
from tanpuhui.conformance.report.card import Card, Finding, cards
from tanpuhui.conformance.report.caveat import caveats
from tanpuhui.conformance.report.clause import ClauseRow, clauses, tally
from tanpuhui.conformance.report.headline import headline
from tanpuhui.conformance.verdict import Outcome, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tanpuhui.conformance.report.source import ReportSource

_LOG_WIDTH = 120
_MARK_WIDTH, _VERB_WIDTH = 9, 4
_MARKS = {
    Outcome.PASS: ("✔", "green"),
    Outcome.FAIL: ("✘", "bold red"),
    Outcome.INCOMPLETE: ("…", "yellow"),
    Outcome.NOT_APPLICABLE: ("–", "dim"),
    Outcome.KIT_ERROR: ("!", "bold magenta"),
}
_UNMARKED = ("·", "dim")


def console_for(stream: TextIO) -> Console:
    """Colour and the terminal's own width only where there is a terminal."""
    width = None if stream.isatty() else _LOG_WIDTH
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


class Progress:
    """Tells of a run while it goes on: a moving line on a terminal, a plain line per scene in a log."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status = console.status("") if console.is_terminal else None
        self._scenes, self._played = 0, 0

    def __call__(self, event: RunEvent) -> None:
        """Listen to one event of the run."""
        if isinstance(event, RunStarted):
            self._begin(event)
        elif isinstance(event, SceneStarted):
            self._played += 1
            if self._status:
                self._status.update(f"[{self._played}/{self._scenes}] {_short(event.text.zh, event.text.en)}")
        elif isinstance(event, SceneFinished):
            self._tell(event)

    def close(self) -> None:
        """The moving line goes away."""
        if self._status:
            self._status.stop()

    def _begin(self, event: RunStarted) -> None:
        header, self._scenes = event.header, event.scenes
        name = f"{header.scenario['name']} {header.scenario['version']}"
        self._console.print(
            f"碳普惠符合性 {header.edition} · {name} · {event.scenes} 个场面 scenes"
            f" · {event.checks} 项检查 checks · 种子 seed {header.seed}"
        )
        if self._status:
            self._status.start()

    def _tell(self, event: SceneFinished) -> None:
        scene = event.result
        mark, style = _MARKS[scene.outcome]
        line = Line(
            f"{mark} [{self._played}/{self._scenes}] {_short(scene.zh, scene.en)}  {scene.seconds:.1f} s",
            style,
        )
        if scene.happened:
            line.append(f"  {scene.happened}")
        self._console.print(line)


def summary(console: Console, source: ReportSource) -> None:
    """The whole result: the table of requirements, the cards, what weakens a pass, and the verdict."""
    found = clauses(source)
    for clause in found:
        if told := [row for row in clause.rows if row.outcome or not source.left_out]:
            console.print(_table(clause.title, told))
    for card in cards(source):
        _show(console, card)
    console.print()
    _warn(console, source)
    outcome = source.result.outcome
    mark, style = _MARKS[outcome]
    counts = tally(found)
    words = " · ".join(
        f"{one.words.zh} {one.words.en} {counts[one]}" for one in reversed(Outcome) if counts[one]
    )
    console.print(f"\n{mark} {outcome.words}：{headline(source, counts)}", style=style)
    console.print(f"  {words}")


def _warn(console: Console, source: ReportSource) -> None:
    """What weakens a pass; a partial run can pass nothing, and one line says so."""
    if source.left_out:
        console.print(_plain(caveats(source)[0].text), style="dim")
        return
    for caveat in caveats(source):
        console.print(f"注意 note: {_plain(caveat.text)} {' · '.join(caveat.names)}".rstrip(), style="dim")


def _table(title: Text, rows: Iterable[ClauseRow]) -> Table:
    table = Table(
        box=None,
        show_header=False,
        padding=(0, 1),
        title=f"\n{title}",
        title_justify="left",
        title_style="bold",
    )
    for width in (_MARK_WIDTH, None, _VERB_WIDTH):
        table.add_column(no_wrap=True, min_width=width)
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column(no_wrap=True, justify="right")
    for row in rows:
        table.add_row(*_cells(row))
    table.expand = True
    return table


def _cells(row: ClauseRow) -> tuple[Line, str, str, str, str]:
    mark, style = _MARKS[row.outcome] if row.outcome else _UNMARKED
    law = row.requirement
    checks = f"{len(row.verdicts)} 项检查" if row.verdicts else ""
    return Line(f" {mark} {row.word.zh}", style), law.id, law.verb, f"{law.title_zh} / {law.title_en}", checks


def _show(console: Console, card: Card) -> None:
    mark, style = _MARKS[card.outcome]
    console.print()
    console.print(Line(f"{mark} {card.check}  {card.outcome.words}", style))
    console.print(f"  {_plain(card.title)}", style="bold")
    told: list[tuple[str, str]] = [("原文 clause", f"{card.clause.zh}\n{card.clause.en}")]
    if card.reason:
        told.append(("原因 reason", _plain(card.reason)))
    for finding in card.findings[:1]:
        told += _finding(finding)
    console.print(_pairs(told))
    _evidence(console, card)
    more = len(card.findings[1:]) + card.untold
    if more:
        console.print(_pairs([("另有 more", f"{more} 处，见报告 / {more} more in the report")]))
    if card.also:
        console.print(_pairs([("同因 same cause", "\n".join(card.also))]))
    console.print(_pairs([("下一步 next", " · ".join(card.commands))]))


def _finding(finding: Finding) -> list[tuple[str, str]]:
    return [("期望 expected", _plain(finding.expected)), ("观察 observed", _plain(finding.observed))]


def _evidence(console: Console, card: Card) -> None:
    exchange = card.findings[0].exchange if card.findings else None
    if exchange is None:
        return
    where = f"#{exchange.seq} {exchange.way} {exchange.method} {exchange.path} → {exchange.answer}"
    console.print(_pairs([("证据 evidence", where)]))
    for line in exchange.curl.splitlines():
        console.print(f"    {line}", style="dim", soft_wrap=True)


def _pairs(pairs: list[tuple[str, str]]) -> Padding:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="dim", min_width=13)
    grid.add_column()
    for name, value in pairs:
        grid.add_row(name, value)
    return Padding(grid, (0, 0, 0, 2))


def _short(zh: str, en: str) -> str:
    """A scene is called by what stands before the colon."""
    return f"{zh.partition('：')[0]} / {en.partition(':')[0]}"


def _plain(text: Text) -> str:
    return text.zh if text.zh == text.en else str(text)
