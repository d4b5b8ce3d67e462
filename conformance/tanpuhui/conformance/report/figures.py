"""How well the kit itself detects: the figures of the fault bank that a run carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Figures:
    """Faults planted and caught, correct-but-unusual scenarios and false alarms, and what got away."""

    faults: int
    caught: int
    unusual: int
    false_alarms: int
    survivors: tuple[str, ...]

    @property
    def rate(self) -> str:
        """The share of planted faults that was caught, never rounded up to a clean 100 %."""
        permille = self.caught * 1000 // self.faults if self.faults else 0
        return f"{permille // 10}.{permille % 10} %" if permille % 10 else f"{permille // 10} %"


def figures_of(bank: Mapping[str, Any] | None) -> Figures | None:
    """The figures that a run's header carries, None where it carries none."""
    if not bank:
        return None
    return Figures(
        faults=int(bank["faults"]),
        caught=int(bank["caught"]),
        unusual=int(bank["unusual"]),
        false_alarms=int(bank["false_alarms"]),
        survivors=tuple(bank.get("survivors", ())),
    )
