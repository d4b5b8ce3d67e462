"""Bus trips as a fare system holds them, with and without a second tap, and what a record must tell of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tanpuhui.conformance.truth.devices import utc_text
from tanpuhui.conformance.truth.record import thousandths
from tanpuhui.conformance.truth.trip import Trip

BUS = "BUS"


@dataclass(frozen=True, slots=True)
class Alighted:
    """The second tap, at the trip's end."""

    stop: str
    distance_m: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line with the averages that its operator publishes."""

    line_id: str
    average_m: int
    average_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BusTrip(Trip):
    """One trip; where nobody taps out, the line's average stands for it."""

    scheme: ClassVar[str] = BUS

    line: Line
    board_stop: str
    alighted: Alighted | None = None

    def raw(self) -> dict[str, Any]:
        """The taps, and what the operator publishes of the line."""
        out = self.alighted
        return {
            "line_id": self.line.line_id,
            "board_stop": self.board_stop,
            "alight_stop": out.stop if out else None,
            "board": utc_text(self.start),
            "alight": utc_text(self.end) if out else None,
            "distance_m": out.distance_m if out else None,
            "line_average_m": self.line.average_m,
            "line_average_s": self.line.average_s,
        }

    def quantities(self) -> dict[str, Any]:
        """The trip from tap to tap, or the line's average."""
        out = self.alighted
        quantities: dict[str, Any] = {
            "line_id": self.line.line_id,
            "board_stop": self.board_stop,
            "distance_km": thousandths(out.distance_m if out else self.line.average_m),
            "duration_s": self.took_s,
            "distance_method": "ACTUAL_OD" if out else "LINE_AVERAGE",
        }
        if out:
            quantities["alight_stop"] = out.stop
        return quantities
