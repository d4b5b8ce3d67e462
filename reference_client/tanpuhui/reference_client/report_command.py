"""`tph scenario report`: a file of a business system, reported or only looked at."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tanpuhui.reference_client.file_report import Loaded, Sent
    from tanpuhui.reference_client.summary import Summary

_FILE = click.Path(dir_okay=False, path_type=Path)
_OFFSET = re.compile(r"([+-])([0-9]{2}):([0-9]{2})")


class _Unusable(click.ClickException):
    """The file or the setting has to be corrected first."""

    exit_code = 2


class _NotDone(click.ClickException):
    """It may be tried again as it is."""

    exit_code = 3


@click.command("report")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--scheme", type=click.Choice(["PV", "BIKE"]), required=True, help="场景类型 / scheme")
@click.option("--link", help="连通号，文件中没有时需要 / link id, where the file has none")
@click.option("--device", help="设备号，缺省取自文件名 / device id, by default from the file's name")
@click.option("--capacity-kw", help="装机容量 kW（PV） / installed capacity in kW")
@click.option("--grid-connected-on", help="并网日期 YYYY-MM-DD（PV） / date of grid connection")
@click.option("--interval", type=click.IntRange(1), help="读数间隔秒数，缺省自动判断 / interval in seconds")
@click.option(
    "--unit", type=click.Choice(["W", "kW"]), default="W", show_default=True, help="功率单位 / unit"
)
@click.option("--offset", help="无偏移时刻的时区，如 +08:00 / offset of times that have none")
@click.option("--time-column", help="时刻列 / column of times")
@click.option("--power-column", help="功率列 / column of power")
@click.option(
    "--shift-days", type=int, default=0, help="试用旧数据：时刻平移的日数 / moves old data for trying out"
)
@click.option("--encoding", default="utf-8-sig", show_default=True, help="文件编码，如 gbk / encoding")
@click.option("--skip-bad-lines", is_flag=True, help="略过无法读取的行 / leave out lines that cannot be read")
@click.option("--dry-run", is_flag=True, help="只看结果，不需要平台 / only look, no platform needed")
@click.option("--as-of", help="试运行的时刻，缺省为现在 / time of the dry run, by default now")
@click.option(
    "--discovery-url", envvar="TPH_DISCOVERY_URL", help="发现文档地址 / address of the discovery document"
)
@click.option("--client-id", envvar="TPH_CLIENT_ID", help="客户端标识 / client id")
@click.option("--scenario-id", envvar="TPH_SCENARIO_ID", help="场景标识 / scenario id")
@click.option("--key", type=_FILE, help="私钥文件，见 tph scenario key / private key")
@click.option("--db", type=_FILE, default=Path("outbox.db"), show_default=True, help="发件箱 / outbox")
@click.option(
    "--give-up", type=float, default=600, show_default=True, help="等待秒数，0 为不限 / 0 waits for ever"
)
def report(file: Path, **options: Any) -> None:
    """报送一个文件 / Report a file; run again, it goes on where it stopped and sends nothing twice."""
    from tanpuhui.reference_client.errors import InvalidInput, Misconfigured  # noqa: PLC0415

    try:
        loaded = _loaded(file, options)
        if options["dry_run"]:
            _show(_looked_at(loaded, options), dry_run=True)
            return
        sent = _sent(loaded, options)
    except (InvalidInput, Misconfigured) as error:
        raise _Unusable(str(error)) from None
    _show(sent.summary, dry_run=False)
    if sent.failure is not None:
        raise _NotDone(str(sent.failure))
    sys.exit(int(not sent.summary.sound))


def _show(summary: Summary, *, dry_run: bool) -> None:
    for line in summary.lines(dry_run=dry_run):
        click.echo(line)


def _loaded(file: Path, options: dict[str, Any]) -> Loaded:
    from tanpuhui.reference_client.file_report import Loaded  # noqa: PLC0415

    reader = {"PV": _plant_days, "BIKE": _rides}[options["scheme"]]
    try:
        with file.open(encoding=options["encoding"], newline="") as lines:
            activities, skipped = reader(lines, file, options)
    except LookupError:  # Python knows no such encoding
        raise click.BadParameter(
            f"没有编码 {options['encoding']} / no such encoding", param_hint="--encoding"
        ) from None
    return Loaded(activities, skipped)


def _plant_days(
    lines: Iterable[str], file: Path, options: dict[str, Any]
) -> tuple[list[dict[str, Any]], int]:
    from tanpuhui.reference_client.recipes.pv_csv import Plant, PvLayout, read_pv_csv  # noqa: PLC0415

    for name in ("capacity_kw", "grid_connected_on", "link"):
        if options[name] is None and not (name == "link" and options["dry_run"]):
            raise click.MissingParameter(param_hint=f"--{name.replace('_', '-')}", param_type="option")
    layout = PvLayout(
        time_column=options["time_column"],
        power_column=options["power_column"],
        unit=options["unit"],
        zone=_zone(options["offset"]),
        interval_seconds=options["interval"],
        shift_days=options["shift_days"],
        skip_bad_lines=options["skip_bad_lines"],
    )
    found = read_pv_csv(lines, layout)
    device = options["device"] or "pv-" + (re.sub(r"[^A-Za-z0-9_.-]", "-", file.stem)[:61] or "plant")
    plant = Plant(device, _link(options), options["capacity_kw"], options["grid_connected_on"])
    return found.activities(plant), len(found.skipped)


def _rides(lines: Iterable[str], _: Path, options: dict[str, Any]) -> tuple[list[dict[str, Any]], int]:
    from tanpuhui.reference_client.recipes.bike_csv import BikeLayout, read_bike_csv  # noqa: PLC0415

    layout = BikeLayout(
        link_id=_link(options) if options["link"] or options["dry_run"] else None,
        zone=_zone(options["offset"]),
        shift_days=options["shift_days"],
        skip_bad_lines=options["skip_bad_lines"],
    )
    found = read_bike_csv(lines, layout)
    return list(found.rides), len(found.skipped)


def _link(options: dict[str, Any]) -> str:
    """A dry run needs no user."""
    return options["link"] or "lnk_dry-run-without-a-platform"


def _zone(offset: str | None) -> timezone | None:
    if offset is None:
        return None
    found = _OFFSET.fullmatch(offset)
    if found is None:
        raise click.BadParameter("应如 +08:00 / such as +08:00", param_hint="--offset")
    span = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-span if found[1] == "-" else span)


def _looked_at(loaded: Loaded, options: dict[str, Any]) -> Summary:
    from tanpuhui.reference_client.file_report import dry_run  # noqa: PLC0415
    from tanpuhui.spec.business_time import InvalidInstant, parse_instant  # noqa: PLC0415

    try:
        as_of = parse_instant(options["as_of"]) if options["as_of"] else datetime.now(UTC)
    except InvalidInstant as error:
        raise click.BadParameter(str(error), param_hint="--as-of") from None
    return dry_run(loaded, as_of)


def _sent(loaded: Loaded, options: dict[str, Any]) -> Sent:
    from tanpuhui.reference_client.connecting import connected  # noqa: PLC0415
    from tanpuhui.reference_client.file_report import send  # noqa: PLC0415
    from tanpuhui.reference_client.progress import Progress  # noqa: PLC0415

    with Progress() as progress, connected(options, progress.notice) as scenario:
        return send(scenario, loaded, options["give_up"], progress.look)
