"""光伏区间功率文件 / Files of power by interval, as loggers export them, become activities by day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from tanpuhui.reference_client.errors import InvalidInput, Text
from tanpuhui.reference_client.recipes.csv_table import (
    UnreadableCell,
    grouped,
    instant_in,
    number_in,
    read_rows,
    read_table,
    require_sound,
    utc_text,
)
from tanpuhui.spec.business_time import business_day
from tanpuhui.spec.element import envelope
from tanpuhui.spec.quantity import decimal_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, tzinfo
    from decimal import Decimal

    from tanpuhui.reference_client.recipes.csv_table import Fault, Table

TIME_COLUMNS = ("measured_on", "timestamp", "time", "datetime", "start", "")
POWER_COLUMNS = ("ac_power", "power_w", "power", "value")
STATE_COLUMN = "state"
DAY_SECONDS = 86_400
_MISSING = frozenset({"", "nan", "null", "none", "na", "n/a"})


@dataclass(frozen=True, slots=True)
class Plant:
    """What the file does not say of the plant."""

    device_id: str
    link_id: str
    capacity_kw: str
    grid_connected_on: str


@dataclass(frozen=True, slots=True)
class PvLayout:
    """How to read the file; what is None is found out."""

    time_column: str | None = None
    power_column: str | None = None
    unit: Literal["W", "kW"] = "W"
    zone: tzinfo | None = None
    interval_seconds: int | None = None
    shift_days: int = 0
    skip_bad_lines: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """One line of the file."""

    start: datetime
    power_w: Decimal | None
    state: str

    def as_reading(self) -> dict[str, Any]:
        """As an activity holds it."""
        power = None if self.power_w is None else decimal_text(self.power_w, 6)
        return {"start": utc_text(self.start), "power_w": power, "state": self.state}


@dataclass(frozen=True, slots=True)
class PvFile:
    """What a file holds, and the lines that were skipped."""

    samples: tuple[Sample, ...]
    interval_seconds: int
    skipped: tuple[Fault, ...]

    def activities(self, plant: Plant) -> list[dict[str, Any]]:
        """One activity for each business day, always under the same id, so that a file may be read again."""
        days = grouped(self.samples, lambda sample: business_day(sample.start).isoformat())
        return [
            {
                "activity_id": f"pv-{plant.device_id}-{day}",
                "scheme": "PV",
                "link_id": plant.link_id,
                "device_id": plant.device_id,
                "capacity_kw": plant.capacity_kw,
                "grid_connected_on": plant.grid_connected_on,
                "interval_seconds": self.interval_seconds,
                "readings": [sample.as_reading() for sample in samples],
            }
            for day, samples in days
        ]


def read_pv_csv(lines: Iterable[str], layout: PvLayout) -> PvFile:
    """The samples of a file; negative, missing and stale ones are left for the day rules of annex A."""
    table = read_table(lines)
    time_column = table.column(TIME_COLUMNS, layout.time_column, Text("时刻", "time"))
    power_column = _power_column(table, layout)

    def sample(row: Mapping[str, str]) -> Sample:
        start = instant_in(row.get(time_column), layout.zone, layout.shift_days)
        return Sample(start, _power_w(row.get(power_column), layout.unit), _state(row.get(STATE_COLUMN)))

    samples, faults = read_rows(table, sample)
    if not layout.skip_bad_lines:
        require_sound(faults)
    if not samples:
        raise InvalidInput(
            Text("文件中没有读数", "the file holds no readings"),
            Text("检查文件", "check the file"),
            "IND-005",
        )
    interval = layout.interval_seconds or interval_of([sample.start for sample in samples])
    return PvFile(tuple(samples), interval, tuple(faults))


def interval_of(starts: Sequence[datetime]) -> int:
    """The interval that most neighbours keep; it has to divide the day (IND-006)."""
    gaps = Counter(round((later - earlier).total_seconds()) for earlier, later in pairwise(sorted(starts)))
    usual = next((gap for gap, _ in gaps.most_common() if gap > 0), 0)
    if usual < 1 or DAY_SECONDS % usual:
        raise InvalidInput(
            Text("无法判断读数间隔", "the interval of the readings cannot be found out"),
            Text("用 --interval 给出整除一日的秒数", "name it with --interval, in seconds that divide a day"),
            "IND-006",
        )
    return usual


def _power_column(table: Table, layout: PvLayout) -> str:
    """Loggers append their channel's number, as in `ac_power__752`."""
    numbered = tuple(name for name in table.columns if name.startswith("ac_power"))
    return table.column((*POWER_COLUMNS, *numbered), layout.power_column, Text("功率", "power"))


def _power_w(text: str | None, unit: str) -> Decimal | None:
    if text is None:
        raise UnreadableCell("缺少功率列", "the power is missing")
    if text.strip().lower() in _MISSING:
        return None
    power = number_in(text)
    return power * 1000 if unit == "kW" else power


def _state(text: str | None) -> str:
    state = (text or "N").strip() or "N"
    if state not in _states():
        raise UnreadableCell("设备状态标记不在取值表中", "the device state is not in the list of codes")
    return state


@cache
def _states() -> tuple[str, ...]:
    return next(element.values for element in envelope() if element.id == "device_state")
