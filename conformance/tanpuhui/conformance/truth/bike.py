"""Rides as a business system holds them (UTC, metres, watt-hours), and what a record must tell of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tanpuhui.conformance.truth.devices import utc_text
from tanpuhui.conformance.truth.record import thousandths
from tanpuhui.conformance.truth.trip import Trip

BIKE = "BIKE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride(Trip):
    """One ride."""

    scheme: ClassVar[str] = BIKE

    distance_m: int
    energy_wh: int | None = None

    @property
    def propulsion(self) -> str:
        """By muscle, or with a motor that takes energy."""
        return "human" if self.energy_wh is None else "assist"

    def raw(self) -> dict[str, Any]:
        """From unlocking to locking, in metres and watt-hours."""
        return {
            "start": utc_text(self.start),
            "end": utc_text(self.end),
            "distance_m": self.distance_m,
            "propulsion": self.propulsion,
            "energy_wh": self.energy_wh,
        }

    def quantities(self) -> dict[str, Any]:
        """The same in the units of the law."""
        quantities: dict[str, Any] = {
            "distance_km": thousandths(self.distance_m),
            "duration_s": self.took_s,
            "propulsion": self.propulsion,
        }
        if self.energy_wh is not None:
            quantities["energy_kwh"] = thousandths(self.energy_wh)
        return quantities
