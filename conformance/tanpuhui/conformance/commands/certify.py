"""`tph certify`: a full run of an edition, its report, and a certificate if it is clean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tanpuhui.conformance.commands.run_options import FILE, configured, run_options

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@run_options
@click.option(
    "--key",
    type=FILE,
    metavar="FILE",
    help="签名私钥（Ed25519，PEM 或 JWK）；缺省自动生成 / signing key, by default an own one",
)
@click.pass_context
def certify(ctx: click.Context, /, key: Path | None, **given: Any) -> None:
    """完整运行一个版本，出报告；全部符合才出证书 / Full run, report, and a certificate if it is clean.

    被测场景的测试台口令从环境变量 TPH_TESTBED_TOKEN 读取。
    The testbed's token is read from the environment variable TPH_TESTBED_TOKEN.
    """
    import os  # all of this is loaded when a run is asked for
    import sys
    from datetime import UTC, datetime

    from tanpuhui.conformance.certifying.signer import own_key, own_key_path, signing_key
    from tanpuhui.conformance.proceedings import Proceedings
    from tanpuhui.conformance.report.terminal import console_for

    config = configured(given)
    signer = signing_key(key) if key else own_key(own_key_path(os.environ))
    proceedings = Proceedings(console_for(sys.stdout), lambda: datetime.now(UTC), signer)
    ctx.exit(proceedings.conduct(config))
