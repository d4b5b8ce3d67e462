"""Rows of single trips: rail, bus and bicycle, one activity a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from tanpuhui.reference_client.calling.errors import InvalidInput, Text
from tanpuhui.reference_client.exports.draft import Draft
from tanpuhui.reference_client.exports.drafting import Drafting, utc_text
from tanpuhui.reference_client.exports.great_circle import straight_metres
from tanpuhui.reference_client.exports.trip import looked_at, span
from tanpuhui.reference_client.recipes.bike import ASSIST, HUMAN
from tanpuhui.reference_client.recipes.event import ESTIMATED

if TYPE_CHECKING:
    from tanpuhui.reference_client.exports.sheet import Cells, Sheet

_PLACES = (("start_lon", "start_lat"), ("end_lon", "end_lat"))


class RailDrafting(Drafting):
    """Transactions of automatic fare collection."""

    scheme: ClassVar[str] = "RAIL"

    def draft(self, cells: Cells) -> Draft:
        """One journey."""
        start, end = span(cells)
        stations = {name: cells.required(name, "value-missing") for name in ("entry_station", "exit_station")}
        if len(set(stations.values())) == 1:
            cells.note("round-trip")
        return self.of(
            cells,
            stations
            | {
                "entry": utc_text(start),
                "exit": utc_text(end),
                "distance_m": int(cells.needed("distance")),
                "ticket_medium": cells.code("medium"),
            },
        )

    def of(self, cells: Cells, content: dict[str, Any]) -> Draft:
        """The draft of an activity that bears its own id."""
        name = cells.required("id", "id-missing")
        own = {"activity_id": self.activity_id(name)} | self.whose(cells)
        return Draft(cells.line, own["activity_id"], own | content)


class BusDrafting(RailDrafting):
    """Transactions of the terminal on board, with or without a tap on leaving."""

    scheme: ClassVar[str] = "BUS"

    def draft(self, cells: Cells) -> Draft:
        """One trip."""
        start, end = cells.instant("start"), cells.instant_or_none("end")
        if end is not None:
            looked_at(cells, start, end)
        distance = None if cells.amount("distance") is None else int(cells.needed("distance"))
        return self.of(
            cells,
            {
                "line_id": cells.required("line", "value-missing"),
                "board_stop": cells.required("board_stop", "value-missing"),
                "alight_stop": cells.text("alight_stop") or None,
                "board": utc_text(start),
                "alight": None if end is None else utc_text(end),
                "distance_m": distance,
                "line_average_m": int(cells.needed("average")),
                "line_average_s": int(cells.needed("average_time")),
            },
        )


class BikeDrafting(RailDrafting):
    """Orders of rides, with the distance or with the places where they began and ended."""

    scheme: ClassVar[str] = "BIKE"

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(sheet)
        self.estimated = "distance" not in sheet.heading.found
        places = [name for place in _PLACES for name in place]
        if self.estimated and not all(name in sheet.heading.found for name in places):
            raise InvalidInput(
                Text(
                    "没有里程列，也没有起终点经纬度",
                    "there is no column for the distance, nor coordinates of both ends",
                ),
                Text(
                    "导出里程，如 distance_km 或 里程（米）",
                    "export the distance, as distance_km or 里程（米）",
                ),
                "IND-005",
            )

    def draft(self, cells: Cells) -> Draft:
        """One ride."""
        start, end = span(cells)
        energy = cells.amount("energy")
        content = {"start": utc_text(start), "end": utc_text(end)} | self._distance(cells)
        content["propulsion"] = cells.code("propulsion", HUMAN if energy is None else ASSIST)
        content["energy_wh"] = None if energy is None else int(cells.needed("energy"))
        return self.of(cells, content)

    def _distance(self, cells: Cells) -> dict[str, Any]:
        """Metres as ridden, else the straight line; the places themselves go no further (PRV-002)."""
        if any(cells.has(name) for place in _PLACES for name in place):
            cells.note("positions-left-out")
        if not self.estimated:
            return {"distance_m": int(cells.needed("distance"))}
        start, end = ((cells.coordinate(lon), cells.coordinate(lat)) for lon, lat in _PLACES)
        cells.note("round-trip" if start == end else "distance-estimated")
        return {"distance_m": straight_metres(start, end), "data_source": ESTIMATED}
