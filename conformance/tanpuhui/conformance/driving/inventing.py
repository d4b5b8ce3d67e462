"""The activities that a scene invents: of the claimed schemes, at the scene's own time, repeatable by its seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.truth.expected import joined
from tanpuhui.conformance.truth.inventors import of_schemes, ordinary
from tanpuhui.conformance.truth.links import InventedLink, invent_link
from tanpuhui.conformance.truth.record import Horizon
from tanpuhui.conformance.truth.unfinished import today_so_far
from tanpuhui.spec.business_time import SHANGHAI
from tanpuhui.spec.element import schemes as known_schemes
from tanpuhui.spec.limits import default_times

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from tanpuhui.conformance.truth.expected import World

_QUIET_DAYS = (datetime(2026, 8, 5, 9, tzinfo=SHANGHAI), 80)
"""Scenes play in weeks in which no parameter changes, on a day that the seed chooses."""


@dataclass(slots=True, kw_only=True)
class Inventing:
    """What a scene can have invented, and when it plays."""

    rng: Random
    schemes: tuple[str, ...]
    now: datetime = field(init=False)
    late_window_days: float = field(default_factory=lambda: default_times().late_window_days)
    _link: InventedLink | None = None

    def __post_init__(self) -> None:
        first, days = _QUIET_DAYS
        self.now = first + timedelta(days=self.rng.randrange(days), minutes=self.rng.randrange(480))

    def play_at(self, instant: datetime) -> None:
        """Play at another time; before the platform is opened."""
        self.now = instant

    def links(self, count: int) -> list[InventedLink]:
        """New links, valid for longer than anything is old."""
        return [invent_link(self.rng, self.now) for _ in range(count)]

    def ordinary(self, count: int, links: Sequence[InventedLink] | None = None) -> World:
        """Ordinary activities, all due; without other word on the scene's one link."""
        if links is None and self._link is None:
            self._link = invent_link(self.rng, self.now)
        spread = links if links is not None else [self._link] if self._link else []
        return ordinary(self.rng, self.schemes, self.horizon, count, spread)

    def many(self, count: int) -> World:
        """So many ordinary activities; where it can be, of schemes whose devices need no registration each."""
        light = [name for name in self.schemes if not known_schemes()[name].device.registered]
        return ordinary(self.rng, light or self.schemes, self.horizon, count, self.links(1))

    def edges(self, turn: datetime) -> World:
        """Every edge of the claimed schemes; `turn` is a Shanghai midnight at which a month begins."""
        return joined(one.edges(self.rng, self.horizon, turn) for one in of_schemes(self.schemes))

    def turn_of_year(self, link: InventedLink, midnight: datetime) -> World:
        """The last and the first moments of a year."""
        chosen = of_schemes(self.schemes)
        return joined(one.turn_of_year(self.rng, self.horizon, link, midnight) for one in chosen)

    def on_days(self, link: InventedLink, days: Sequence[date]) -> World:
        """Activities of one link, one of each claimed scheme a day, all started before noon."""
        return joined(one.on_days(self.rng, self.horizon, link, days) for one in of_schemes(self.schemes))

    def today_so_far(self, link: InventedLink, later: timedelta) -> World:
        """A day that is due only when it is looked at again so much later."""
        return today_so_far(self.rng, self.schemes, self.horizon, link, later=later)

    @property
    def horizon(self) -> Horizon:
        """What is in time and what is late, now."""
        return Horizon(self.now, self.late_window_days)
