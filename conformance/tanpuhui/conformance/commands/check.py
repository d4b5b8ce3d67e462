"""`tph check`: a part of a run, fast, for a developer's loop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tanpuhui.conformance.commands.run_options import configured, run_options

DEFAULT_OUT = Path("tph-check")


@click.command()
@click.argument("names", nargs=-1, metavar="[ID|主题|场面]...")
@run_options
@click.pass_context
def check(ctx: click.Context, /, names: tuple[str, ...], **given: Any) -> None:
    """只查一部分，不出证书 / Check a part, without a certificate.

    可给出要求（CAL-004）、主题（CAL）、检查（CAL-004/…）或场面的名称；不给则全查。
    Name requirements, topics, checks or scenes; without a name everything is checked.
    """
    import sys  # all of this is loaded when a run is asked for
    from datetime import UTC, datetime

    from tanpuhui.conformance.naming import selection_of
    from tanpuhui.conformance.proceedings import Proceedings
    from tanpuhui.conformance.report.terminal import console_for

    selection = selection_of(names)
    config = configured({**given, "out": given["out"] or DEFAULT_OUT}, selection)
    ctx.exit(Proceedings(console_for(sys.stdout), lambda: datetime.now(UTC)).conduct(config))
