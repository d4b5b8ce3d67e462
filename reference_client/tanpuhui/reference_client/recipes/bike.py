"""共享单车：一次骑行一条记录 / Shared bicycles: one record for each ride."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from tanpuhui.reference_client.recipes.event import TRANSACTION, EventRecipe, kilometres
from tanpuhui.spec.business_time import parse_instant
from tanpuhui.spec.quantity import decimal_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

ASSIST, HUMAN = "assist", "human"


class BikeRecipe(EventRecipe):
    """A ride from unlocking to locking."""

    scheme: ClassVar[str] = "BIKE"

    def span(self, activity: Mapping[str, Any]) -> tuple[datetime, datetime]:
        """From unlocking to locking."""
        return parse_instant(activity["start"]), parse_instant(activity["end"])

    def particulars(self, activity: Mapping[str, Any]) -> dict[str, Any]:
        """The propulsion and, for an assisted ride, the electricity taken."""
        members: dict[str, Any] = {"propulsion": activity["propulsion"]}
        energy = self.energy_kwh(activity)
        if energy is not None:
            members["energy_kwh"] = decimal_text(energy, 3)
        return members

    def distance_km(self, activity: Mapping[str, Any]) -> Decimal:
        """Kilometres of the metres that the vehicle counted."""
        return kilometres(activity["distance_m"])

    def data_source(self, activity: Mapping[str, Any]) -> str:
        """The order, unless the distance had to be estimated from the stations."""
        return str(activity.get("data_source", TRANSACTION))

    def energy_kwh(self, activity: Mapping[str, Any]) -> Decimal | None:
        """Kilowatt-hours of an assisted ride; a ride by muscle has none."""
        if activity["propulsion"] != ASSIST or activity["energy_wh"] is None:
            return None
        return Decimal(activity["energy_wh"]) / 1000
