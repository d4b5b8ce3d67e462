"""The options that every command with a run shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from tanpuhui.conformance.plan import RunConfig, Selection

Command = TypeVar("Command", bound=Callable[..., Any])
FILE = click.Path(path_type=Path)
_OPTIONS = (
    click.option(
        "--config",
        type=FILE,
        metavar="FILE",
        help="配置文件，缺省为 tph.toml（如有）/ configuration, tph.toml if there is one",
    ),
    click.option("--out", type=FILE, metavar="DIR", help="报告文件夹 / report folder"),
    click.option(
        "--seed",
        type=int,
        metavar="N",
        help="种子，缺省任选；同一种子造同样的活动 / seed of the invented activities",
    ),
    click.option("--edition", metavar="2026.1", help="规范版本，缺省为最新 / edition, by default the newest"),
    click.option(
        "--scenario-url", metavar="URL", help="被测场景的接口 / interface of the scenario under test"
    ),
    click.option("--testbed-url", metavar="URL", help="被测场景的测试台 / its testbed"),
    click.option("--name", help="场景名称 / name of the scenario"),
    click.option("--software-version", "version", help="场景软件版本 / version of its software"),
    click.option(
        "--scheme", "schemes", multiple=True, metavar="PV", help="场景类型，可多次给出 / scheme, repeatable"
    ),
    click.option("--measured", type=FILE, metavar="FILE", help="实测功率数据（CSV）/ measured power (CSV)"),
    click.option(
        "--bank", type=FILE, metavar="FILE", help="缺陷库结果，由 tph bank 生成 / figures made by tph bank"
    ),
)


def run_options(command: Command) -> Command:
    """Add the shared options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def configured(given: Mapping[str, Any], selection: Selection | None = None) -> RunConfig:
    """File, command line and environment as one configuration."""
    import os  # all of this is loaded when a run is asked for
    import secrets

    from tanpuhui.conformance.asking import Asked, Chosen, run_config
    from tanpuhui.conformance.config import read_settings
    from tanpuhui.conformance.plan import Selection

    told = {name: value for name, value in given.items() if name != "config"}
    asked = Asked(**told, selection=selection or Selection())
    chosen = Chosen(lambda: f"run-{secrets.token_hex(8)}", lambda: secrets.randbelow(2**31), os.environ)
    return run_config(read_settings(given["config"]), asked, chosen)
