"""共享单车：一次骑行一条记录 / Shared bicycles: one record for each ride."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from tanpuhui.reference_client.recipes.recipe import NORMAL, Measured, Part, Recipe
from tanpuhui.spec.business_time import parse_instant
from tanpuhui.spec.quantity import decimal_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ASSIST = "assist"


class BikeRecipe(Recipe[Part]):
    """A ride from unlocking to locking, without its track (PRV-002)."""

    scheme: ClassVar[str] = "BIKE"

    def parts(self, activity: Mapping[str, Any]) -> Sequence[Part]:
        """The ride is one part."""
        return [Part("", parse_instant(activity["start"]), parse_instant(activity["end"]))]

    def measured(self, activity: Mapping[str, Any], part: Part) -> Measured:
        """Distance, duration and, for an assisted ride, the electricity taken."""
        members: dict[str, Any] = {
            "distance_km": decimal_text(self.distance_km(activity), 3),
            "duration_s": self.duration_s(part),
            "propulsion": activity["propulsion"],
        }
        energy = self.energy_kwh(activity)
        if energy is not None:
            members["energy_kwh"] = decimal_text(energy, 3)
        return Measured(NORMAL, "TRANSACTION", members)

    def distance_km(self, activity: Mapping[str, Any]) -> Decimal:
        """Kilometres of the metres that the vehicle counted."""
        return Decimal(activity["distance_m"]) / 1000

    def duration_s(self, part: Part) -> int:
        """Whole seconds."""
        return (part.end - part.start) // timedelta(seconds=1)

    def energy_kwh(self, activity: Mapping[str, Any]) -> Decimal | None:
        """Kilowatt-hours of an assisted ride; a ride by muscle has none."""
        if activity["propulsion"] != ASSIST or activity["energy_wh"] is None:
            return None
        return Decimal(activity["energy_wh"]) / 1000
