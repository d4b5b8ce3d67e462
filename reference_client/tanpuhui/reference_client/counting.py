"""Adds up the records of a file one by one: by state, by reason and by business day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import orjson

from tanpuhui.reference_client.exports.law_wart import kind_of
from tanpuhui.reference_client.exports.lines import Lines
from tanpuhui.reference_client.exports.wart import wart_of
from tanpuhui.reference_client.keeping.outbox import WITHHELD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tanpuhui.reference_client.exports.lines import Run
    from tanpuhui.reference_client.exports.wart import Treatment, Wart
    from tanpuhui.reference_client.outcome import Outcome


@dataclass(frozen=True, slots=True)
class DayLine:
    """The records of one business day that are due or reported."""

    day: str
    records: int
    quantity: Decimal
    reduction_kg: Decimal


class Found:
    """How many records, and their lines."""

    __slots__ = ("count", "lines")

    def __init__(self) -> None:
        self.count, self.lines = 0, Lines()

    def take(self, runs: Iterable[Run]) -> None:
        """One record more, by its lines."""
        self.count += 1
        self.lines.update(runs)


class Counting:
    """Takes one record after the other."""

    def __init__(self, quantity: str) -> None:
        self.states: Counter[str] = Counter()
        self._quantity = quantity
        self._reasons: dict[tuple[str, str, str | None], Found] = {}
        self._days: dict[str, list[Decimal]] = {}
        self._on_day: Counter[str] = Counter()

    def take(self, outcome: Outcome) -> None:
        """One record more."""
        self.states[outcome.state] += 1
        if outcome.reason:
            key = (outcome.state, outcome.reason, outcome.detail)
            self._reasons.setdefault(key, Found()).take(outcome.runs)
        if outcome.alive:
            self._add(outcome.body or b"{}")

    def _add(self, body: bytes) -> None:
        record = orjson.loads(body)
        day = record["business_day"]
        sums = self._days.setdefault(day, [Decimal(0), Decimal(0)])
        sums[0] += Decimal(record["activity"][self._quantity])
        sums[1] += Decimal(record["reduction_kg"])
        self._on_day[day] += 1

    def lines_of_days(self) -> tuple[DayLine, ...]:
        """The business days, in order."""
        return tuple(DayLine(day, self._on_day[day], *sums) for day, sums in sorted(self._days.items()))

    def because(self, state: str) -> tuple[Wart, ...]:
        """Why records are in a state: one wart for each reason; it counts records, not lines."""
        treatment: Treatment = (
            "withheld" if state == WITHHELD else "flagged" if state == "held" else "refused"
        )
        warts = []
        for (in_state, reason, detail), found in self._reasons.items():
            if in_state == state:
                kind, place = kind_of(reason, detail, treatment)
                warts.append(wart_of(kind, found.lines, place, count=found.count))
        return tuple(sorted(warts, key=lambda wart: -wart.count))
