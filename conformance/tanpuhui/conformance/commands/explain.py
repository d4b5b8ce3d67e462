"""`tph explain`: what a requirement means and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tanpuhui.conformance.explanation import Explanation


@click.command()
@click.argument("name", metavar="ID")
def explain(name: str) -> None:
    """解释一条要求：原文、检查、常见原因 / Explain a requirement: sentence, checks, common causes.

    ID 可以是要求（CAL-004）、检查（CAL-004/…）或问题代码（rate-limited）。
    ID is a requirement, a check or a problem code.
    """
    from tanpuhui.conformance.bank import causes_of  # loaded when asked for
    from tanpuhui.conformance.check import checks
    from tanpuhui.conformance.explanation import explanation, requirement_named
    from tanpuhui.conformance.scene import scenes

    requirement = requirement_named(name)
    _tell(explanation(requirement, checks().values(), scenes(), causes_of(requirement.id)))


def _tell(found: Explanation) -> None:
    law = found.requirement
    click.secho(f"{law.id}  {law.title_zh} / {law.title_en}", bold=True)
    click.echo(f"适用 applies to：{law.role} · {law.verb} · 第 {law.chapter.lstrip('0')} 章 chapter\n")
    click.echo(f"  {law.zh}\n  {law.en}")
    for notes in (found.notes.zh, found.notes.en):
        if notes:
            click.echo("\n" + "\n".join(f"  {line}" for line in notes.splitlines()))
    if law.untestable_zh:
        _section("不可测 not testable", [f"{law.untestable_zh} / {law.untestable_en}"])
    _section("检查 checks", [f"{check.id}\n    {check.text}" for check in found.checks])
    _section("平台会这样拒绝 how a platform refuses", [f"{code}\n    {text}" for code, text in found.signs])
    _section("常见原因 common causes", [str(cause) for cause in found.causes])
    _section("相关场面 scenes", [f"{scene.name}  {scene.text}" for scene in found.scenes])
    if found.checks:
        _section("重跑 run again", [f"tph check {law.id}"])


def _section(title: str, lines: list[str]) -> None:
    if lines:
        click.secho(f"\n{title}", bold=True)
        for line in lines:
            click.echo(f"  {line}")
