"""A clock that can be moved: everything a tenant does by time, it does by this one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from tanpuhui.spec.business_time import instant_text, parse_instant

if TYPE_CHECKING:
    from collections.abc import Mapping

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """A pair of anchors, wall and tenant time, and how fast the tenant's time runs from there."""

    wall: datetime
    tenant: datetime
    scale: float = 1.0
    frozen: bool = False

    @classmethod
    def starting(cls, wall: datetime, tenant: datetime | None) -> Self:
        """A clock that shows the tenant's time at this wall time, and runs with it."""
        return cls(wall, (tenant or wall).astimezone(UTC))

    def at(self, wall: datetime) -> datetime:
        """The tenant's time when the wall shows that time."""
        return self.tenant if self.frozen else self.tenant + (wall - self.wall) * self.scale

    def wall_seconds(self, until: datetime, wall: datetime) -> float | None:
        """How long the wall clock runs until the tenant's time is reached; None when it stands still."""
        ahead = (until - self.at(wall)).total_seconds()
        if ahead <= 0:
            return 0.0
        return None if self.frozen else ahead / self.scale

    def moved(self, wall: datetime, change: Mapping[str, Any]) -> Clock:
        """The clock after a change: set, advance_seconds, freeze, scale; those absent stay."""
        shown = parse_instant(change["set"]).astimezone(UTC) if "set" in change else self.at(wall)
        shown += timedelta(seconds=float(change.get("advance_seconds", 0)))
        scale, frozen = float(change.get("scale", self.scale)), bool(change.get("freeze", self.frozen))
        return Clock(wall, shown, scale, frozen)

    def as_mapping(self) -> dict[str, Any]:
        """The clock as it is stored."""
        return {
            "wall": instant_text(self.wall),
            "tenant": instant_text(self.tenant),
            "scale": self.scale,
            "frozen": self.frozen,
        }

    @classmethod
    def from_mapping(cls, stored: Mapping[str, Any]) -> Self:
        """The clock as it was stored."""
        wall, tenant = (parse_instant(stored[name]).astimezone(UTC) for name in ("wall", "tenant"))
        return cls(wall, tenant, stored["scale"], stored["frozen"])


def micros(instant: datetime) -> int:
    """The instant as a number that databases order and compare exactly."""
    return (instant - _EPOCH) // _MICROSECOND


def instant(number: int) -> datetime:
    """The instant that such a number stands for."""
    return _EPOCH + number * _MICROSECOND
