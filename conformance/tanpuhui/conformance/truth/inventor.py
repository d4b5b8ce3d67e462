"""Invents a scheme's activities for every scene; one inventor for each scheme that the law knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from random import Random

    from tanpuhui.conformance.truth.expected import World
    from tanpuhui.conformance.truth.links import InventedLink
    from tanpuhui.conformance.truth.record import Horizon


class Inventor(Protocol):
    """What scenes ask of a scheme."""

    def ordinary(self, rng: Random, horizon: Horizon, count: int, links: Sequence[InventedLink]) -> World:
        """So many due records, spread over these links."""

    def edges(self, rng: Random, horizon: Horizon, turn: datetime) -> World:
        """Every edge that the law draws; `turn` is a Shanghai midnight at which a month begins."""

    def turn_of_year(self, rng: Random, horizon: Horizon, link: InventedLink, midnight: datetime) -> World:
        """The last and the first moments of a year."""

    def on_days(self, rng: Random, horizon: Horizon, link: InventedLink, days: Sequence[date]) -> World:
        """One activity a day, started before noon; nothing where records are of months."""
