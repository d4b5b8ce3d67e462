"""Invents households and their months."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

from tanpuhui.conformance.truth.calendar import month_before
from tanpuhui.conformance.truth.expected import World
from tanpuhui.conformance.truth.home_cases import Households, edge_households
from tanpuhui.conformance.truth.world import world_of
from tanpuhui.spec.business_time import business_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from random import Random

    from tanpuhui.conformance.truth.links import InventedLink
    from tanpuhui.conformance.truth.record import Horizon


class HomeInventor:
    """Households; the month that has ended last is a record."""

    def ordinary(self, rng: Random, horizon: Horizon, count: int, links: Sequence[InventedLink]) -> World:
        """As many households, one month each."""
        homes, turn = Households(rng, horizon, links[0]), cycle(links)
        label = "一般用电月 / an ordinary month of a household"
        return world_of((homes.household(label, link=next(turn)) for _ in range(count)), horizon)

    def edges(self, rng: Random, horizon: Horizon, turn: datetime) -> World:
        """Every edge at once."""
        return world_of(edge_households(rng, horizon, business_day(turn)), horizon)

    def turn_of_year(self, rng: Random, horizon: Horizon, link: InventedLink, midnight: datetime) -> World:
        """The year's last month, and the first, which has not ended."""
        homes, first = Households(rng, horizon, link), business_day(midnight)
        december = homes.household("上年十二月 / last December", month_before(first))
        january = homes.household("今年一月，尚未结束 / this January, not ended yet", first)
        return world_of([december, january], horizon)

    def on_days(  # a record of a month does not start on these days
        self,
        rng: Random,  # noqa: ARG002
        horizon: Horizon,  # noqa: ARG002
        link: InventedLink,  # noqa: ARG002
        days: Sequence[date],  # noqa: ARG002
    ) -> World:
        """Nothing."""
        return World()
