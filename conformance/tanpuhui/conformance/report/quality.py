"""What `tph quality` shows: lines refused at the gate, then per scheme its scores and every rule."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rich.text import Text as Line

from tanpuhui.spec.element import schemes
from tanpuhui.spec.limits import default_times
from tanpuhui.spec.rule import row_rules
from tanpuhui.spec.score_book import score_book, standings
from tanpuhui.spec.set_rule import set_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from tanpuhui.conformance.quality.finding import Finding
    from tanpuhui.spec.sql.mask import Tally

_STYLES = {"reject": "bold red", "hold": "yellow", "flag": "cyan"}
_WORDS = {"reject": "拒绝 reject", "hold": "暂存 hold", "flag": "标记 flag"}


def show_finding(console: Console, finding: Finding) -> None:
    """The whole finding on a terminal or in a log."""
    _show_refused(console, finding)
    for scheme in finding.schemes:
        _show_scheme(console, finding, scheme)
    if finding.skipped:
        listed = ", ".join(finding.skipped)
        console.print(
            f"未执行（缺少参照或以往的记录）/ not run (no reference or former records): {listed}", style="dim"
        )
    words = (
        "无应拒绝的记录 / nothing to reject"
        if finding.clean
        else "有应拒绝的记录 / some records would be rejected"
    )
    console.print(words, style="green" if finding.clean else "bold red")


def _show_refused(console: Console, finding: Finding) -> None:
    refused = sum(one.lines for one in finding.refused)
    console.print(f"{finding.lines} 行 lines，不是记录 no records: {refused}")
    for one in finding.refused:
        console.print(f"✘ {one.code}  {one.lines}  {one.zh} / {one.en}", style="red", soft_wrap=True)
        console.print(f"    {_places(finding, one.rows)}", style="dim")


def _show_scheme(console: Console, finding: Finding, scheme: str) -> None:
    known, found, scores = schemes()[scheme], finding.schemes[scheme], finding.scores(scheme)
    grade = scores.grade
    console.print()
    told = f"{scores.total} · {grade.letter}" if grade else f"{scores.total or '—'} · 不评级 no grade"
    console.print(
        f"{known.name_zh} / {known.name_en}（{scheme}）  {found.records} 条 records  {told}", style="bold"
    )
    shown = score_book().dimensions
    console.print("  ".join(f"{one.zh} {one.en} {scores.dimensions[one.name] or '—'}" for one in shown))
    if grade:
        console.print(f"{grade.consequence_zh} / {grade.consequence_en}")
    console.print("  规则 rule  级别 severity  违反/适用 violations/applicable  比率 rate", style="dim")
    for rule, tally in found.rules.items():
        _show_rule(console, finding, rule, tally)


def _show_rule(console: Console, finding: Finding, rule: str, tally: Tally) -> None:
    """One line a rule, however long, so that a log can be searched; below it where it is broken."""
    severity = standings()[rule].severity
    rate = f"{tally.violations / tally.applicable:.2%}" if tally.applicable else "—"
    mark, style = ("✘", _STYLES[severity]) if tally.violations else ("✔", "green")
    counts = f"{tally.violations:>9} / {tally.applicable:<9} {rate:>8}"
    line = Line(f"{mark} ", style).append(
        f"{rule:<11} {_WORDS[severity]:<9} {counts}  {_titles()[rule]}", "default"
    )
    console.print(line, soft_wrap=True)
    if tally.violations:
        console.print(f"    {_places(finding, tally.rows)}", style="dim", soft_wrap=True)


@cache
def _titles() -> dict[str, str]:
    found = {}
    for row in row_rules():
        figures = {name: f"{value:f}" for name, value in row.bound(default_times()).items()}
        found[row.id] = f"{row.title_zh.format_map(figures)} / {row.title_en.format_map(figures)}"
    for rule in set_rules():
        found[rule.id] = (
            f"{rule.title_zh.format_map(rule.figures)} / {rule.title_en.format_map(rule.figures)}"
        )
    return found


def _places(finding: Finding, rows: Sequence[int]) -> str:
    return "  ".join(str(finding.shelf.place(row)) for row in rows)
