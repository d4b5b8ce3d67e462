"""The instants at which the law changes: one parameter set or version follows another."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tanpuhui.spec.business_time import SHANGHAI
from tanpuhui.spec.methodology import methodologies

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tanpuhui.spec.methodology import ParameterSet

_WITHOUT_ANY = datetime(2026, 7, 1, tzinfo=SHANGHAI)


def latest_turn(schemes: Iterable[str]) -> datetime:
    """The latest instant at which one of these schemes changes its version or its parameters."""
    turns = (
        found.valid_from.astimezone(SHANGHAI) for scheme in schemes for found in _parameter_sets(scheme)[1:]
    )
    return max(turns, default=_WITHOUT_ANY)


def _parameter_sets(scheme: str) -> list[ParameterSet]:
    """Those of all versions of the scheme's methodology, the oldest first."""
    found = (each for one in methodologies() if one.scheme == scheme for each in one.parameter_sets)
    return sorted(found, key=lambda each: each.valid_from)
