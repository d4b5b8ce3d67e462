"""Metro trips as a fare system holds them, and what a record must tell of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tanpuhui.conformance.truth.devices import utc_text
from tanpuhui.conformance.truth.record import thousandths
from tanpuhui.conformance.truth.trip import Trip

RAIL = "RAIL"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetroTrip(Trip):
    """One trip from gate to gate."""

    scheme: ClassVar[str] = RAIL

    distance_m: int
    stations: tuple[str, str]
    ticket_medium: str

    def raw(self) -> dict[str, Any]:
        """From gate to gate, in metres."""
        return {
            "entry_station": self.stations[0],
            "exit_station": self.stations[1],
            "entry": utc_text(self.start),
            "exit": utc_text(self.end),
            "distance_m": self.distance_m,
            "ticket_medium": self.ticket_medium,
        }

    def quantities(self) -> dict[str, Any]:
        """The same in the units of the law."""
        return {
            "entry_station": self.stations[0],
            "exit_station": self.stations[1],
            "distance_km": thousandths(self.distance_m),
            "duration_s": self.took_s,
            "ticket_medium": self.ticket_medium,
        }
