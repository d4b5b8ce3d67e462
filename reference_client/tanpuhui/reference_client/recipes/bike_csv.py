"""骑行订单文件 / Files of rides, as an operator's system exports them, become activities, one a ride."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.errors import InvalidInput, Text
from tanpuhui.reference_client.recipes.bike import ASSIST
from tanpuhui.reference_client.recipes.csv_table import (
    UnreadableCell,
    instant_in,
    number_in,
    read_rows,
    read_table,
    require_sound,
    utc_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo

    from tanpuhui.reference_client.recipes.csv_table import Fault

ID_COLUMNS = ("activity_id", "trip_id", "ride_id", "order_id")
DEVICE_COLUMNS = ("device_id", "bike_id")
START_COLUMNS = ("start", "start_time", "started_at")
END_COLUMNS = ("end", "end_time", "stop_time", "ended_at")
METRE_COLUMNS = ("distance_m",)
KILOMETRE_COLUMNS = ("distance_km",)
_METRES_PER_KILOMETRE = 1000


@dataclass(frozen=True, slots=True)
class BikeLayout:
    """How to read the file; without a link of its own, every ride is this user's."""

    link_id: str | None = None
    zone: tzinfo | None = None
    shift_days: int = 0
    skip_bad_lines: bool = False


@dataclass(frozen=True, slots=True)
class BikeFile:
    """The rides of a file, and the lines that were skipped."""

    rides: tuple[dict[str, Any], ...]
    skipped: tuple[Fault, ...]


def read_bike_csv(lines: Iterable[str], layout: BikeLayout) -> BikeFile:
    """The rides of a file; short, long and fast ones are left for the rules of annex B."""
    table = read_table(lines)
    names = {
        "id": table.column(ID_COLUMNS, None, Text("订单号", "ride id")),
        "device": table.column(DEVICE_COLUMNS, None, Text("车辆号", "vehicle id")),
        "start": table.column(START_COLUMNS, None, Text("开始时刻", "start")),
        "end": table.column(END_COLUMNS, None, Text("结束时刻", "end")),
        "distance": table.column((*METRE_COLUMNS, *KILOMETRE_COLUMNS), None, Text("里程", "distance")),
    }
    rides, faults = read_rows(table, lambda row: _ride(row, names, layout))
    if not layout.skip_bad_lines:
        require_sound(faults)
    if not rides:
        raise InvalidInput(
            Text("文件中没有骑行", "the file holds no rides"), Text("检查文件", "check the file"), "IND-005"
        )
    return BikeFile(tuple(rides), tuple(faults))


def _ride(row: Mapping[str, str], names: Mapping[str, str], layout: BikeLayout) -> dict[str, Any]:
    energy = row.get("energy_wh", "").strip()
    propulsion = row.get("propulsion", "").strip() or (ASSIST if energy else "human")
    return {
        "activity_id": f"bike-{_required(row, names['id'])}",
        "scheme": "BIKE",
        "link_id": row.get("link_id", "").strip() or _link(layout),
        "device_id": _required(row, names["device"]),
        "start": utc_text(instant_in(row.get(names["start"]), layout.zone, layout.shift_days)),
        "end": utc_text(instant_in(row.get(names["end"]), layout.zone, layout.shift_days)),
        "distance_m": _metres(row, names["distance"]),
        "propulsion": propulsion,
        "energy_wh": int(number_in(energy)) if energy else None,
    }


def _required(row: Mapping[str, str], name: str) -> str:
    value = row.get(name, "").strip()
    if not value:
        raise UnreadableCell(f"缺少 {name}", f"{name} is missing")
    return value


def _link(layout: BikeLayout) -> str:
    if layout.link_id is None:
        raise UnreadableCell("缺少 link_id，可用 --link 给出", "link_id is missing; name one with --link")
    return layout.link_id


def _metres(row: Mapping[str, str], name: str) -> int:
    distance = number_in(row.get(name))
    metres = distance * _METRES_PER_KILOMETRE if name.casefold() in KILOMETRE_COLUMNS else distance
    if metres < 0:
        raise UnreadableCell("里程为负", "the distance is negative")
    return int(metres)
