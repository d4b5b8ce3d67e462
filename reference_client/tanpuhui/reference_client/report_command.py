"""`tph scenario report`: a file of a business system, reported or only looked at."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from tanpuhui.reference_client.report_terms import source_of, terms_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tanpuhui.reference_client.exports.export import Reading
    from tanpuhui.reference_client.file_report import Sent
    from tanpuhui.reference_client.progress import Progress
    from tanpuhui.reference_client.summary import Summary

_FILE = click.Path(dir_okay=False, path_type=Path)
_NO_ROOM = (
    "读写文件或临时文件出错，多因磁盘已满或没有权限 / a file or a temporary file cannot be read or written,"
    " mostly for want of room or permission\n"
    "→ 腾出空间，或以环境变量 TMPDIR 指定别处 / make room, or name another place by the variable TMPDIR"
)
_SCHEMES = ("RAIL", "BUS", "BIKE", "EV", "HOME", "PV")


class _Unusable(click.ClickException):
    """The file or the setting has to be corrected first."""

    exit_code = 2


class _NotDone(click.ClickException):
    """It may be tried again as it is."""

    exit_code = 3


@click.command("report")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--scheme",
    type=click.Choice(_SCHEMES),
    help="场景类型，缺省由列名判断 / scheme, by default told by the columns",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["csv", "ndjson", "parquet"]),
    help="格式，缺省看后缀 / format, by default told by the suffix",
)
@click.option("--encoding", help="文件编码，缺省自动判断 / encoding, by default found out")
@click.option("--link", help="连通号，文件中没有时需要 / link id, where the file has none")
@click.option("--device", help="设备号，文件中没有时使用 / device id, where the file has none")
@click.option(
    "--device-prefix",
    default="",
    help="加在文件中设备号之前，使之成为登记号 / put before the file's device ids, to make them the registered ones",
)
@click.option(
    "--devices", type=_FILE, help="设备台账，JSON，形式同测试台 / ledger of devices, as the testbed takes it"
)
@click.option(
    "--district",
    help="行政区划代码，文件中没有时使用，缺省为全市 / district code, where the file has none; by default the city's",
)
@click.option(
    "--column", multiple=True, help="指定列，如 distance=骑行里程 / names a column, such as distance=骑行里程"
)
@click.option("--unit", multiple=True, help="单位，如 kW 或 distance=m / units, such as kW or distance=m")
@click.option(
    "--offset", help="无偏移时刻的时区，缺省 +08:00 / offset of times that have none, by default +08:00"
)
@click.option("--capacity-kw", help="装机容量 kW（PV） / installed capacity in kW")
@click.option("--grid-connected-on", help="并网日期 YYYY-MM-DD（PV） / date of grid connection")
@click.option(
    "--interval", type=click.IntRange(1), help="读数间隔秒数，缺省自动判断（PV） / interval in seconds"
)
@click.option("--time-column", help="时刻列 / column of times")
@click.option("--power-column", help="功率列（PV） / column of power")
@click.option(
    "--shift-days", type=int, default=0, help="试用旧数据：时刻平移的日数 / moves old data for trying out"
)
@click.option(
    "--skip-bad-lines",
    is_flag=True,
    help="略过不能成为记录的行而报送其余 / report the rest where lines are refused",
)
@click.option("--dry-run", is_flag=True, help="只看结果，不需要平台 / only look, no platform needed")
@click.option(
    "--as-of",
    help="试运行的时刻，缺省为文件中最晚的结束时刻 / time of the dry run, by default the newest end in the file",
)
@click.option("--json", "json_", type=_FILE, help="把小结写成 JSON / writes the summary as JSON")
@click.option(
    "--records", type=_FILE, help="把要报送的记录写成 NDJSON / writes the records to be sent as NDJSON"
)
@click.option(
    "--discovery-url", envvar="TPH_DISCOVERY_URL", help="发现文档地址 / address of the discovery document"
)
@click.option("--client-id", envvar="TPH_CLIENT_ID", help="客户端标识 / client id")
@click.option("--scenario-id", envvar="TPH_SCENARIO_ID", help="场景标识 / scenario id")
@click.option("--key", type=_FILE, help="私钥文件，见 tph scenario key / private key")
@click.option("--db", type=_FILE, default=Path("outbox.db"), show_default=True, help="发件箱 / outbox")
@click.option(
    "--by",
    type=click.Choice(["auto", "batches", "uploads"]),
    default="auto",
    show_default=True,
    help="分批、批量上传，或记录多时上传 / in batches, by upload, or by upload where records are many",
)
@click.option(
    "--give-up", type=float, default=600, show_default=True, help="等待秒数，0 为不限 / 0 waits for ever"
)
def report(file: Path, **options: Any) -> None:
    """报送一个文件 / Report a file; run again, it goes on where it stopped and sends nothing twice.

    退出码 / exit codes: 0 每行都成为记录，没有被拒绝的 every line became a record, none was rejected · 1 有的行或记录
    被拒绝、不予报送 some lines or records are refused, withheld or rejected · 2 文件或设置须先改正 the file or a setting
    has to be corrected first · 3 未完成，可原样再运行 not done, run the same again
    """
    from tanpuhui.reference_client.calling.errors import InvalidInput, Misconfigured  # noqa: PLC0415
    from tanpuhui.reference_client.progress import Progress  # noqa: PLC0415

    try:
        with Progress() as progress:
            reading = _reading(file, options, progress)
            if options["dry_run"]:
                summary = _looked_at(reading, options, progress)
            else:
                sent = _sent(reading, options, progress)
                summary = sent.summary
    except (InvalidInput, Misconfigured) as error:
        raise _Unusable(str(error)) from None
    except (OSError, sqlite3.Error):
        raise _Unusable(_NO_ROOM) from None
    _write(summary, options)
    _show(summary, options)
    if options["dry_run"]:
        sys.exit(int(not summary.complete))
    if sent.failure is not None:
        raise _NotDone(str(sent.failure))
    sys.exit(int(not summary.sound))


def _reading(file: Path, options: dict[str, Any], progress: Progress) -> Reading:
    from tanpuhui.reference_client.exports.export import Reading  # noqa: PLC0415  # costly to import

    return Reading(source_of(file, options), terms_of(file, options), progress.read)


def _looked_at(reading: Reading, options: dict[str, Any], progress: Progress) -> Summary:
    from tanpuhui.reference_client.device_file import device_book  # noqa: PLC0415
    from tanpuhui.reference_client.file_report import Assumed, dry_run  # noqa: PLC0415
    from tanpuhui.spec.business_time import InvalidInstant, parse_instant  # noqa: PLC0415

    try:
        as_of = parse_instant(options["as_of"]) if options["as_of"] else None
    except InvalidInstant as error:
        raise click.BadParameter(str(error), param_hint="--as-of") from None
    devices = _devices(options)
    book = None if devices is None else device_book(devices)
    with _kept(options) as keep:
        return dry_run(reading, Assumed(datetime.now(UTC), as_of, book), progress, keep)


def _sent(reading: Reading, options: dict[str, Any], progress: Progress) -> Sent:
    from tanpuhui.reference_client.connecting import connected  # noqa: PLC0415
    from tanpuhui.reference_client.file_report import Ordered, require_whole, send  # noqa: PLC0415
    from tanpuhui.reference_client.intake import Intake  # noqa: PLC0415

    devices = _devices(options)
    with Intake() as intake:
        intake.fill(reading.drawn())
        if not options["skip_bad_lines"]:
            require_whole(reading)
        with connected(options, progress.notice) as scenario, _kept(options) as keep:
            if devices is not None:
                scenario.connected.desk.ledger.load(devices)
            ordered = Ordered(options["give_up"], options["by"], keep)
            return send(scenario, reading, intake, progress, ordered)


def _devices(options: dict[str, Any]) -> list[Mapping[str, Any]] | None:
    from tanpuhui.reference_client.device_file import read_devices  # noqa: PLC0415  # costly to import

    return None if options["devices"] is None else read_devices(options["devices"])


def _show(summary: Summary, options: dict[str, Any]) -> None:
    from tanpuhui.reference_client.summary_text import dry_lines, sent_lines  # noqa: PLC0415

    dry = options["dry_run"]
    lines = dry_lines(summary) if dry else sent_lines(summary)
    for line in lines:
        click.echo(line)


def _write(summary: Summary, options: dict[str, Any]) -> None:
    """Leaves the summary where it was asked for."""
    if options["json_"]:
        text = json.dumps(summary.as_mapping(), ensure_ascii=False, indent=2) + "\n"
        with _opened(options["json_"], "--json") as file:
            file.write(text.encode())


@contextmanager
def _kept(options: dict[str, Any]) -> Iterator[Callable[[bytes], object]]:
    """Where records go that are due or were sent: into the file that was asked for, else nowhere."""
    if not options["records"]:
        yield len
        return
    with _opened(options["records"], "--records") as file:
        yield lambda body: file.write(body + b"\n")


def _opened(path: Path, option: str) -> BinaryIO:
    try:
        return path.open("wb")
    except OSError:
        raise click.BadParameter(
            f"无法写入 {path.name} / {path.name} cannot be written", param_hint=option
        ) from None
