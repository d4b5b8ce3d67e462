"""From invented activities to a world: what is listed, what is held, and what must come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from tanpuhui.conformance.truth.devices import in_ledger
from tanpuhui.conformance.truth.expected import World
from tanpuhui.conformance.truth.links import listed
from tanpuhui.conformance.truth.record import expected_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tanpuhui.conformance.truth.devices import InventedDevice
    from tanpuhui.conformance.truth.links import InventedLink
    from tanpuhui.conformance.truth.record import Facts, Horizon


class Invented(Protocol):
    """One activity of the business system, whatever its scheme."""

    @property
    def link(self) -> InventedLink:
        """Whose it is."""

    @property
    def device(self) -> InventedDevice:
        """What measured it."""

    def held(self) -> dict[str, Any]:
        """As the business system holds it."""

    def facts(self) -> Iterable[Facts]:
        """What one record each must tell of."""


def world_of(invented: Iterable[Invented], horizon: Horizon) -> World:
    """The activities with their links and devices, and what must be reported of them."""
    every = tuple(invented)
    expected = tuple(expected_of(facts, horizon) for one in every for facts in one.facts())
    return World(
        listed(one.link for one in every),
        tuple(one.held() for one in every),
        expected,
        in_ledger(one.device for one in every),
    )
