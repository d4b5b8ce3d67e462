"""Medians of repeated runs in one process, printed as a table row each."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def median_seconds(action: Callable[[], object], *, repeats: int = 9) -> float:
    """The median wall time of an action after one warm-up."""
    action()
    taken = []
    for _ in range(repeats):
        begun = time.perf_counter()
        action()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def row(what: str, seconds: float, units: int) -> None:
    """One line: milliseconds for the whole, and units a second."""
    print(f"| {what} | {seconds * 1000:.2f} ms | {units / seconds:,.0f} /s |")
