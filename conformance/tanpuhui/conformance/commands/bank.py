"""`tph bank`: the kit tried on scenarios of which it is known what is wrong with them, and on some nothing is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tanpuhui.conformance.bank import Pace
    from tanpuhui.conformance.trial import BankResult, Trial


@click.command()
@click.option(
    "--only",
    "names",
    multiple=True,
    metavar="NAME",
    help="只试这一个，可重复 / try this one only; repeatable",
)
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="并行进程数 / how many processes")
@click.option("--seed", type=click.IntRange(0), metavar="N", help="种子 / seed of the invented activities")
@click.option(
    "--json", "as_json", is_flag=True, help="只输出一个 JSON 对象 / print one JSON object and nothing else"
)
@click.option("--list", "listed", is_flag=True, help="只列出名称 / only list the names")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="写出供证书引用的结果 / write the figures that a certificate refers to",
)
@click.pass_context
def bank(
    ctx: click.Context,
    /,
    names: tuple[str, ...],
    out: Path | None,
    *,
    as_json: bool,
    listed: bool,
    **pace: int | None,
) -> None:
    """缺陷库：工具自身的检出率与误报 / The fault bank: what the kit detects, and its false alarms.

    每个缺陷场景只犯一个错，须由指名的检查判出；正确而少见的场景须全部通过。
    Each faulty scenario has one sin, to be told by the check it names; correct but unusual ones must pass everything.
    """
    from tanpuhui.conformance.bank import Pace, chosen, unproven  # all of this is loaded when it is asked for

    if names and out:
        raise click.UsageError(
            "--out 只用于整个缺陷库，不要再给 --only / --out is for the whole bank: no --only"
        )
    wanted = chosen(names)
    if listed:
        _list(wanted)
        return
    result = _held(wanted, Pace(**{name: n for name, n in pace.items() if n is not None}), quiet=as_json)
    bare = () if names else unproven()
    if as_json:
        click.echo(json.dumps(result.as_mapping(), ensure_ascii=False))
    else:
        _sum_up(result, bare)
    if out:
        _write(out, result)
    ctx.exit(0 if result.good and not bare else 1)


def _list(trials: Sequence[Trial]) -> None:
    for trial in trials:
        click.echo(f"{trial.name}  {trial.check or '—'}  {trial.text}")


def _held(trials: Sequence[Trial], pace: Pace, *, quiet: bool) -> BankResult:
    import sys

    from tanpuhui.conformance.bank import hold
    from tanpuhui.conformance.report.bank import BankTable
    from tanpuhui.conformance.report.terminal import console_for

    if quiet:
        return hold(trials, pace=pace)
    with BankTable(console_for(sys.stdout), trials) as table:
        return hold(trials, table, pace)


def _sum_up(result: BankResult, bare: Sequence[str]) -> None:
    from tanpuhui.conformance.bank import bank_figures

    told = bank_figures(result)
    click.echo(
        f"检出 {told['caught']} / {told['faults']}，误报 {told['false_alarms']} / {told['unusual']}"
        f" · caught {told['caught']} of {told['faults']}, false alarms {told['false_alarms']} of {told['unusual']}"
    )
    for check in bare:
        click.secho(f"没有缺陷证明的检查 a check that no sin proves: {check}", fg="red")


def _write(path: Path, result: BankResult) -> None:
    from tanpuhui.conformance.bank import bank_figures
    from tanpuhui.conformance.kit import kit_digest

    figures = {"kit": kit_digest(), **bank_figures(result)}
    try:
        path.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise click.UsageError(
            f"写不进 {path}（{error.strerror}）；换一个文件 / cannot write there; name another file"
        ) from error
