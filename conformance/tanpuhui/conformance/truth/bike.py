"""Rides as a business system holds them (UTC, metres, watt-hours), and the records that they must become."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.truth.expected import Expected, World
from tanpuhui.conformance.truth.links import InventedLink, listed
from tanpuhui.conformance.truth.record import Facts, Horizon, expected_of

if TYPE_CHECKING:
    from tanpuhui.conformance.verdict import Text

BIKE = "BIKE"


@dataclass(frozen=True, slots=True)
class Ride:
    """One ride."""

    activity_id: str
    label: Text
    link: InventedLink
    device_id: str
    start: datetime
    end: datetime
    distance_m: int
    energy_wh: int | None = None

    def held(self) -> dict[str, Any]:
        """As the business system holds it."""
        return {
            "activity_id": self.activity_id,
            "scheme": BIKE,
            "link_id": self.link.link_id,
            "device_id": self.device_id,
            "start": utc_text(self.start),
            "end": utc_text(self.end),
            "distance_m": self.distance_m,
            "propulsion": "human" if self.energy_wh is None else "assist",
            "energy_wh": self.energy_wh,
        }


def ride_expected(ride: Ride, horizon: Horizon) -> Expected:
    """What the ride must become."""
    quantities: dict[str, Any] = {
        "distance_km": thousandths(ride.distance_m),
        "duration_s": int((ride.end - ride.start).total_seconds()),
        "propulsion": "human" if ride.energy_wh is None else "assist",
    }
    if ride.energy_wh is not None:
        quantities["energy_kwh"] = thousandths(ride.energy_wh)
    facts = Facts(
        ride.activity_id, ride.label, BIKE, ride.link, ride.device_id, "N", ride.start, ride.end, quantities
    )
    return expected_of(facts, horizon)


def rides_world(rides: tuple[Ride, ...], horizon: Horizon) -> World:
    """The rides with their links and what must be reported of them."""
    expected = tuple(ride_expected(ride, horizon) for ride in rides)
    return World(listed(ride.link for ride in rides), tuple(ride.held() for ride in rides), expected)


def thousandths(base_units: int) -> str:
    """Metres as kilometres, watt-hours as kilowatt-hours: exact, with three places."""
    whole, rest = divmod(base_units, 1000)
    return f"{whole}.{rest:03d}"


def utc_text(instant: datetime) -> str:
    """An instant as the business system writes it."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
