"""地面公交：一次乘车一条记录；没有下车刷卡的取线路平均值 / Ground bus: one record a trip, the line's means where nobody tapped out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from tanpuhui.reference_client.recipes.event import ESTIMATED, TRANSACTION, EventRecipe, kilometres
from tanpuhui.spec.business_time import parse_instant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

ACTUAL, AVERAGE = "ACTUAL_OD", "LINE_AVERAGE"


class BusRecipe(EventRecipe):
    """A trip by bus, known to its end or by its line's means."""

    scheme: ClassVar[str] = "BUS"

    def tapped_out(self, activity: Mapping[str, Any]) -> bool:
        """Whether the end of the trip is known: its stop, its time and its distance."""
        return all(activity[name] is not None for name in ("alight_stop", "alight", "distance_m"))

    def span(self, activity: Mapping[str, Any]) -> tuple[datetime, datetime]:
        """From boarding to alighting, or for as long as a trip on this line takes on average."""
        board = parse_instant(activity["board"])
        if self.tapped_out(activity):
            return board, parse_instant(activity["alight"])
        return board, board + timedelta(seconds=activity["line_average_s"])

    def particulars(self, activity: Mapping[str, Any]) -> dict[str, Any]:
        """Line and stops, and how the distance was found."""
        members = {name: activity[name] for name in ("line_id", "board_stop")}
        if not self.tapped_out(activity):
            return members | {"distance_method": AVERAGE}
        return members | {"alight_stop": activity["alight_stop"], "distance_method": ACTUAL}

    def distance_km(self, activity: Mapping[str, Any]) -> Decimal:
        """Between the two stops, or the mean trip of the line; never the line's full length."""
        return kilometres(activity["distance_m" if self.tapped_out(activity) else "line_average_m"])

    def data_source(self, activity: Mapping[str, Any]) -> str:
        """What follows from means is an estimate."""
        return TRANSACTION if self.tapped_out(activity) else ESTIMATED
