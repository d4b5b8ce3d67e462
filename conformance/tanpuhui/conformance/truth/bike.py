"""Rides as a business system holds them (UTC, metres, watt-hours), and what a record must tell of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.truth.devices import InventedDevice, utc_text
from tanpuhui.conformance.truth.record import DISTRICT, Facts, thousandths

if TYPE_CHECKING:
    from datetime import datetime

    from tanpuhui.conformance.truth.links import InventedLink
    from tanpuhui.conformance.verdict import Text

BIKE = "BIKE"


@dataclass(frozen=True, slots=True)
class Ride:
    """One ride."""

    activity_id: str
    label: Text
    link: InventedLink
    device: InventedDevice
    start: datetime
    end: datetime
    distance_m: int
    energy_wh: int | None = None
    district_code: str = DISTRICT

    def held(self) -> dict[str, Any]:
        """As the business system holds it."""
        return {
            "activity_id": self.activity_id,
            "scheme": BIKE,
            "link_id": self.link.link_id,
            "district_code": self.district_code,
            "device_id": self.device.device_id,
            "start": utc_text(self.start),
            "end": utc_text(self.end),
            "distance_m": self.distance_m,
            "propulsion": self.propulsion,
            "energy_wh": self.energy_wh,
        }

    @property
    def propulsion(self) -> str:
        """By muscle, or with a motor that takes energy."""
        return "human" if self.energy_wh is None else "assist"

    def facts(self) -> tuple[Facts, ...]:
        """The one record that the ride must become."""
        quantities: dict[str, Any] = {
            "distance_km": thousandths(self.distance_m),
            "duration_s": int((self.end - self.start).total_seconds()),
            "propulsion": self.propulsion,
        }
        if self.energy_wh is not None:
            quantities["energy_kwh"] = thousandths(self.energy_wh)
        return (
            Facts(
                self.activity_id,
                self.label,
                BIKE,
                self.link,
                self.device,
                "N",
                self.start,
                self.end,
                quantities,
                self.district_code,
            ),
        )
