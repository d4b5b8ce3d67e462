"""Metro trips as a fare system holds them, and what a record must tell of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.truth.devices import InventedDevice, utc_text
from tanpuhui.conformance.truth.record import DISTRICT, Facts, thousandths

if TYPE_CHECKING:
    from datetime import datetime

    from tanpuhui.conformance.truth.links import InventedLink
    from tanpuhui.conformance.verdict import Text

RAIL = "RAIL"


@dataclass(frozen=True, slots=True)
class MetroTrip:
    """One trip from gate to gate."""

    activity_id: str
    label: Text
    link: InventedLink
    device: InventedDevice
    start: datetime
    end: datetime
    distance_m: int
    stations: tuple[str, str]
    ticket_medium: str = "qr"
    district_code: str = DISTRICT

    def held(self) -> dict[str, Any]:
        """As the business system holds it."""
        return {
            "activity_id": self.activity_id,
            "scheme": RAIL,
            "link_id": self.link.link_id,
            "district_code": self.district_code,
            "device_id": self.device.device_id,
            "entry_station": self.stations[0],
            "exit_station": self.stations[1],
            "entry": utc_text(self.start),
            "exit": utc_text(self.end),
            "distance_m": self.distance_m,
            "ticket_medium": self.ticket_medium,
        }

    def facts(self) -> tuple[Facts, ...]:
        """The one record that the trip must become."""
        quantities: dict[str, Any] = {
            "entry_station": self.stations[0],
            "exit_station": self.stations[1],
            "distance_km": thousandths(self.distance_m),
            "duration_s": int((self.end - self.start).total_seconds()),
            "ticket_medium": self.ticket_medium,
        }
        return (
            Facts(
                self.activity_id,
                self.label,
                RAIL,
                self.link,
                self.device,
                "N",
                self.start,
                self.end,
                quantities,
                self.district_code,
            ),
        )
