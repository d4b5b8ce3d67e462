"""A measured series of power, brought to the time of the run by whole days: real warts that nobody invented."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from typing import TYPE_CHECKING

from tanpuhui.conformance.chance import token
from tanpuhui.conformance.truth.devices import invent_device
from tanpuhui.conformance.truth.links import invent_link
from tanpuhui.conformance.truth.pv import PV, Plant, Reading, shanghai_days
from tanpuhui.conformance.verdict import Text
from tanpuhui.spec.business_time import business_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from random import Random

    from tanpuhui.conformance.truth.record import Horizon

WINDOW_DAYS = 10
FEWEST_DAYS = 3
_PLACES = Decimal("0.000001")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MeasuredSeries:
    """A file of measured power of one plant (CSV), and what the file does not say about itself."""

    path: Path
    capacity_kw: str
    grid_connected_on: str
    interval_seconds: int
    time_column: str | None = None
    power_column: str | None = None
    watts_per_unit: str = "1"
    utc_offset_hours: str = "8"


class UnusableSeries(ValueError):
    """实测数据无法使用 / The file is not what the configuration says."""

    def __init__(self, path: Path, zh: str, en: str) -> None:
        super().__init__(f"实测数据 {path.name}：{zh} / measured series {path.name}: {en}")
        self.zh, self.en = f"实测数据 {path.name}：{zh}", f"measured series {path.name}: {en}"


def measured_plant(series: MeasuredSeries, rng: Random, horizon: Horizon) -> Plant:
    """At most so many days in a row, chosen by the seed and moved to end the day before today."""
    readings = list(_readings(series))
    days = shanghai_days(readings)[1:-1]  # the file's first and last day may be cut off
    if len(days) < FEWEST_DAYS:
        least = FEWEST_DAYS + 2
        raise UnusableSeries(series.path, f"应不少于 {least} 日", f"at least {least} days are needed")
    first = rng.randrange(max(1, len(days) - WINDOW_DAYS + 1))
    chosen = frozenset(days[first : first + WINDOW_DAYS])
    shift = business_day(horizon.now) - _DAY - max(chosen)
    return Plant(
        activity_id=f"act-pv-{token(rng, 10)}",
        label=Text("实测日", "a measured day"),
        link=invent_link(rng, horizon.now),
        device=invent_device(rng, PV, horizon.now),
        capacity_kw=series.capacity_kw,
        grid_connected_on=date.fromisoformat(series.grid_connected_on),
        interval_seconds=series.interval_seconds,
        readings=tuple(
            Reading(it.start + shift, it.power_w) for it in readings if business_day(it.start) in chosen
        ),
    )


def _readings(series: MeasuredSeries) -> Iterator[Reading]:
    zone = timezone(timedelta(hours=float(series.utc_offset_hours)))
    try:
        with series.path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            time_column, power_column = _columns(series, list(rows.fieldnames or ()))
            for number, row in enumerate(rows, start=2):
                yield _reading(series, number, (row[time_column], row[power_column]), zone)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = type(error).__name__
        raise UnusableSeries(series.path, f"无法读取（{reason}）", f"it cannot be read ({reason})") from error


def _columns(series: MeasuredSeries, names: list[str]) -> tuple[str, str]:
    """The named columns, or else the first two."""
    wanted = (series.time_column or next(iter(names), ""), series.power_column or next(iter(names[1:]), ""))
    missing = [name for name in wanted if name not in names]
    if missing:
        raise UnusableSeries(series.path, f"没有列 {missing[0]!r}", f"there is no column {missing[0]!r}")
    return wanted


def _reading(series: MeasuredSeries, number: int, cells: tuple[str, str], zone: timezone) -> Reading:
    try:
        start = datetime.fromisoformat(cells[0].strip())
        power = _watts(cells[1], Decimal(series.watts_per_unit))
    except (ValueError, InvalidOperation, AttributeError) as error:
        raise UnusableSeries(
            series.path,
            f"第 {number} 行的时刻或功率无法识别",
            f"time or power in line {number} is not understood",
        ) from error
    return Reading(start if start.tzinfo else start.replace(tzinfo=zone), power)


def _watts(cell: str | None, watts_per_unit: Decimal) -> str | None:
    """Decimal text with at most six places, cut; an empty cell or a NaN is a reading without power."""
    text = (cell or "").strip()
    if not text or text.lower() in {"nan", "null", "na", "none"}:
        return None
    watts = Decimal(text) * watts_per_unit
    return f"{watts.quantize(_PLACES, rounding=ROUND_DOWN).normalize():f}"
