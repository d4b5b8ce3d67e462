"""`tph doctor`: what would stop a run, before it starts."""

from __future__ import annotations

from typing import Any

import click

from tanpuhui.conformance.commands.run_options import configured, run_options


@click.command()
@run_options
@click.pass_context
def doctor(ctx: click.Context, /, **given: Any) -> None:
    """运行前体检：配置、可达、令牌、时钟、实测数据 / What would stop a run, before it starts."""
    from datetime import UTC, datetime  # all of this is loaded when it is asked for

    from tanpuhui.conformance.diagnosis import diagnosis
    from tanpuhui.conformance.wire import Wire

    worst = 0
    with Wire() as wire:
        for symptom in diagnosis(configured(given), wire, lambda: datetime.now(UTC)):
            mark, colour = ("✔", "green") if symptom.advice is None else ("!", "yellow")
            if symptom.code:
                mark, colour = "✘", "red"
            click.secho(f"{mark} {symptom.text}", fg=colour)
            if symptom.advice:
                click.echo(f"  下一步：{symptom.advice.zh}\n  Next: {symptom.advice.en}")
            worst = max(worst, int(symptom.code))
    ctx.exit(worst)
