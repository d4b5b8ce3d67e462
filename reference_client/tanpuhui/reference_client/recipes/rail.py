"""轨道交通：一次进出站一条记录 / Rail transit: one record for each journey from gate to gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from tanpuhui.reference_client.recipes.event import EventRecipe, kilometres
from tanpuhui.spec.business_time import parse_instant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal


class RailRecipe(EventRecipe):
    """A journey between two gates."""

    scheme: ClassVar[str] = "RAIL"

    def span(self, activity: Mapping[str, Any]) -> tuple[datetime, datetime]:
        """From the gate of entry to the gate of exit."""
        return parse_instant(activity["entry"]), parse_instant(activity["exit"])

    def particulars(self, activity: Mapping[str, Any]) -> dict[str, Any]:
        """The two stations and the ticket's medium."""
        return {name: activity[name] for name in ("entry_station", "exit_station", "ticket_medium")}

    def distance_km(self, activity: Mapping[str, Any]) -> Decimal:
        """The fare distance between the two stations."""
        return kilometres(activity["distance_m"])
