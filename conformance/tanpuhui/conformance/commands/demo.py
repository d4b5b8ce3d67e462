"""`tph demo`: platform, reference scenario and judge on this machine, from nothing to a certificate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

_FILE = click.Path(path_type=Path)


@click.command()
@click.option(
    "--out",
    type=_FILE,
    metavar="DIR",
    default=Path("tph-report"),
    show_default=True,
    help="报告文件夹 / report folder",
)
@click.option("--seed", type=int, metavar="N", help="种子 / seed of the invented activities")
@click.option(
    "--bank", type=_FILE, metavar="FILE", help="缺陷库结果，由 tph bank 生成 / figures made by tph bank"
)
@click.option(
    "--measured",
    type=_FILE,
    metavar="FILE",
    envvar="TPH_MEASURED",
    show_envvar=True,
    help="实测功率数据（CSV）/ measured power (CSV)",
)
@click.option("--capacity-kw", default="6.0", show_default=True, help="其装机容量 / capacity of that plant")
@click.option(
    "--grid-connected-on", default="2016-07-01", show_default=True, help="其并网日期 / its connection"
)
@click.option("--interval-seconds", default=900, show_default=True, help="其采样间隔 / its interval")
@click.pass_context
def demo(ctx: click.Context, /, measured: Path | None, **given: Any) -> None:
    """演示：启动平台与参考场景，完整认证一次 / Start platform and reference scenario, and certify it."""
    from tanpuhui.conformance.asking import Asked  # all of this is loaded when asked for
    from tanpuhui.conformance.demonstration import demonstrate
    from tanpuhui.conformance.truth.measured import MeasuredSeries

    asked = Asked(**{name: given.pop(name) for name in ("out", "seed", "bank")})
    ctx.exit(demonstrate(asked, MeasuredSeries(path=measured, **given) if measured else None))
