"""Bus trips as a fare system holds them, with and without a second tap, and what a record must tell of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.truth.devices import InventedDevice, utc_text
from tanpuhui.conformance.truth.record import DISTRICT, Facts, thousandths

if TYPE_CHECKING:
    from tanpuhui.conformance.truth.links import InventedLink
    from tanpuhui.conformance.verdict import Text

BUS = "BUS"


@dataclass(frozen=True, slots=True)
class Alighted:
    """The second tap."""

    stop: str
    at: datetime
    distance_m: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line with the averages that its operator publishes."""

    line_id: str
    average_m: int
    average_s: int


@dataclass(frozen=True, slots=True)
class BusTrip:
    """One trip; where nobody taps out, the line's average stands for it."""

    activity_id: str
    label: Text
    link: InventedLink
    device: InventedDevice
    start: datetime
    line: Line
    board_stop: str
    alighted: Alighted | None = None
    district_code: str = DISTRICT

    def held(self) -> dict[str, Any]:
        """As the business system holds it."""
        out = self.alighted
        return {
            "activity_id": self.activity_id,
            "scheme": BUS,
            "link_id": self.link.link_id,
            "district_code": self.district_code,
            "device_id": self.device.device_id,
            "line_id": self.line.line_id,
            "board_stop": self.board_stop,
            "alight_stop": out.stop if out else None,
            "board": utc_text(self.start),
            "alight": utc_text(out.at) if out else None,
            "distance_m": out.distance_m if out else None,
            "line_average_m": self.line.average_m,
            "line_average_s": self.line.average_s,
        }

    @property
    def end(self) -> datetime:
        """The second tap, or the line's average after the first."""
        return self.alighted.at if self.alighted else self.start + timedelta(seconds=self.line.average_s)

    def facts(self) -> tuple[Facts, ...]:
        """The one record that the trip must become."""
        out = self.alighted
        quantities: dict[str, Any] = {
            "line_id": self.line.line_id,
            "board_stop": self.board_stop,
            "distance_km": thousandths(out.distance_m if out else self.line.average_m),
            "duration_s": int((self.end - self.start).total_seconds()),
            "distance_method": "ACTUAL_OD" if out else "LINE_AVERAGE",
        }
        if out:
            quantities["alight_stop"] = out.stop
        return (
            Facts(
                self.activity_id,
                self.label,
                BUS,
                self.link,
                self.device,
                "N",
                self.start,
                self.end,
                quantities,
                self.district_code,
            ),
        )
