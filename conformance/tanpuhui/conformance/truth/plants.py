"""Invents plants one by one, with ordinary readings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.chance import token
from tanpuhui.conformance.truth.devices import invent_device
from tanpuhui.conformance.truth.plant import day_readings
from tanpuhui.conformance.truth.pv import PV, Plant, Reading
from tanpuhui.conformance.verdict import Text
from tanpuhui.spec.business_time import business_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from random import Random

    from tanpuhui.conformance.truth.links import InventedLink
    from tanpuhui.conformance.truth.record import Horizon

_DAY = timedelta(days=1)
_HOUR = 3600
_CONNECTED = date(2024, 5, 1)


@dataclass(slots=True)
class Plants:
    """Invents plants one by one; each gets ids and, without other word, a link of its own."""

    rng: Random
    horizon: Horizon
    link: InventedLink
    today: date = field(init=False)

    def __post_init__(self) -> None:
        self.today = business_day(self.horizon.now)

    def ago(self, days: int) -> date:
        """The Shanghai day that many days ago."""
        return self.today - days * _DAY

    def plant(
        self, label: str, readings: Iterable[Reading], link: InventedLink | None = None, interval: int = _HOUR
    ) -> Plant:
        """A small plant with these readings."""
        return Plant(
            activity_id=f"act-光伏-{token(self.rng, 10)}",
            label=Text.both(label),
            link=link or self.link,
            device=invent_device(self.rng, PV, self.horizon.now),
            capacity_kw="6.000",
            grid_connected_on=_CONNECTED,
            interval_seconds=interval,
            readings=tuple(readings),
        )

    def days(self, days: Iterable[date], interval: int = _HOUR, peak_w: int = 4800) -> Iterator[Reading]:
        """Ordinary readings of these days."""
        for day in days:
            yield from day_readings(self.rng, day, interval, peak_w)
