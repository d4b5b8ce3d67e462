"""`tph quality`: the law's quality rules over files of records, before or after they are reported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from datetime import datetime

_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.command()
@click.argument("files", type=_FILE, nargs=-1, required=True, metavar="FILE…")
@click.option(
    "--received-at",
    metavar="TIME",
    help="按此时收到来判断补报期限，缺省为现在 / judge lateness as if received then; now by default",
)
@click.option(
    "--links", type=_FILE, metavar="FILE", help="连通的有效期，NDJSON / periods of the links, NDJSON"
)
@click.option(
    "--calibrations",
    type=_FILE,
    metavar="FILE",
    help="设备校验的有效期，NDJSON / periods of the calibrations, NDJSON",
)
@click.option(
    "--memory",
    default="1GB",
    show_default=True,
    metavar="SIZE",
    help="引擎的内存上限，超出部分写入临时文件 / the engine's memory; the rest goes to temporary files",
)
@click.option(
    "--json", "as_json", is_flag=True, help="只输出一个 JSON 对象 / print one JSON object and nothing else"
)
@click.pass_context
def quality(
    ctx: click.Context,
    /,
    files: tuple[Path, ...],
    received_at: str | None,
    memory: str,
    *,
    as_json: bool,
    **references: Path | None,
) -> None:
    """对文件中的记录执行全部质量规则 / Run every quality rule over the records in files.

    文件为 NDJSON（可 .gz、.zst）或 Parquet；逐行严格把关，不合规定的行只计数、不参与后面的规则。
    Files are NDJSON (.gz, .zst too) or Parquet; lines that are no records are counted and left aside.

    退出码 / exit codes: 0 无拒绝 nothing to reject · 1 有应拒绝的记录 some records would be rejected · 2 用法 usage
    """
    import json  # all of this is loaded when it is asked for
    import sys

    from tanpuhui.conformance.quality.checking import Order, check_files
    from tanpuhui.conformance.report.quality import show_finding
    from tanpuhui.conformance.report.terminal import console_for

    named = {name: path for name, path in references.items() if path is not None}
    finding = check_files(Order(files, _instant(received_at), named, _size(memory)))
    if as_json:
        click.echo(json.dumps(finding.as_mapping(), ensure_ascii=False))
    else:
        show_finding(console_for(sys.stdout), finding)
    ctx.exit(0 if finding.clean else 1)


def _instant(text: str | None) -> datetime:
    from datetime import UTC, datetime

    from tanpuhui.spec.business_time import InvalidInstant, parse_instant

    try:
        return datetime.now(UTC) if text is None else parse_instant(text)
    except InvalidInstant as error:
        raise click.BadParameter(str(error), param_hint="--received-at") from None


def _size(text: str) -> str:
    import re

    if not re.fullmatch(r"[1-9][0-9]{0,5}(MB|GB)", text):
        raise click.BadParameter("应如 500MB 或 2GB / such as 500MB or 2GB", param_hint="--memory")
    return text
