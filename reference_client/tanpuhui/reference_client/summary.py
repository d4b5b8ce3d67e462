"""What came of a file: counted for people and for machines."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.exports.wart import TREATMENTS
from tanpuhui.reference_client.keeping.outbox import READY, REFUSED, WITHHELD
from tanpuhui.reference_client.status import SETTLED
from tanpuhui.spec.business_time import instant_text
from tanpuhui.spec.element import schemes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tanpuhui.reference_client.counting import Counting, DayLine
    from tanpuhui.reference_client.exports.export import Reading
    from tanpuhui.reference_client.exports.wart import Treatment, Wart

_QUANTITIES = {"PV": "generation_kwh", "HOME": "total_kwh"}
_USUAL_QUANTITY = "distance_km"


@dataclass(frozen=True, slots=True)
class Summary:
    """The records of one file; `as_of` is the time that a dry run takes to be now, with where it is from."""

    scheme: str
    guessed: bool
    rows: int
    refused_rows: int
    states: Mapping[str, int]
    days: tuple[DayLine, ...]
    warts: tuple[Wart, ...]
    because: Mapping[str, tuple[Wart, ...]]
    as_of: datetime | None = None
    as_of_origin: str = ""

    @property
    def records(self) -> int:
        """All records that the file makes."""
        return sum(self.states.values())

    @property
    def due(self) -> int:
        """Records that wait to be sent."""
        return self.states.get(READY, 0)

    @property
    def quantity(self) -> Decimal:
        """What the scheme measures, over all days."""
        return sum((day.quantity for day in self.days), Decimal(0))

    @property
    def reduction_kg(self) -> Decimal:
        """The reduction over all days."""
        return sum((day.reduction_kg for day in self.days), Decimal(0))

    @property
    def unit(self) -> str:
        """The unit of the quantity, as the indicators have it."""
        elements = {element.id: element for element in schemes()[self.scheme].elements}
        return str(elements[quantity_of(self.scheme)].unit)

    @property
    def withheld(self) -> int:
        """Records that must not be sent."""
        return self.states.get(WITHHELD, 0)

    @property
    def settled(self) -> int:
        """Records with a verdict."""
        return sum(self.states.get(state, 0) for state in SETTLED)

    @property
    def refused(self) -> int:
        """Records in batches that were refused for good."""
        return self.states.get(REFUSED, 0)

    @property
    def unsettled(self) -> int:
        """Records that still wait for their verdict."""
        return self.records - self.withheld - self.refused - self.settled

    @property
    def sound(self) -> bool:
        """Nothing was rejected or refused by the platform."""
        return not (self.refused or self.states.get("rejected", 0))

    @property
    def complete(self) -> bool:
        """Every row became a record that may be sent."""
        return not (self.refused_rows or self.withheld)

    def of_treatment(self, treatment: Treatment) -> tuple[Wart, ...]:
        """The warts that were treated so, most frequent first."""
        found = [wart for wart in self.warts if wart.kind.treatment == treatment]
        return tuple(sorted(found, key=lambda wart: -wart.count))

    def as_mapping(self) -> dict[str, Any]:
        """For machines."""
        return {
            "scheme": self.scheme,
            "scheme_guessed": self.guessed,
            "as_of": None if self.as_of is None else instant_text(self.as_of),
            "rows": self.rows,
            "refused_rows": self.refused_rows,
            "records": dict(self.states),
            "quantity": {"name": quantity_of(self.scheme), "unit": self.unit, "sum": f"{self.quantity:f}"},
            "reduction_kg": f"{self.reduction_kg:f}",
            "days": [
                {
                    "business_day": day.day,
                    "records": day.records,
                    "quantity": f"{day.quantity:f}",
                    "reduction_kg": f"{day.reduction_kg:f}",
                }
                for day in self.days
            ],
            "warts": [wart.as_mapping() for treatment in TREATMENTS for wart in self.of_treatment(treatment)],
        }


def quantity_of(scheme: str) -> str:
    """What a scheme measures."""
    return _QUANTITIES.get(scheme, _USUAL_QUANTITY)


def summary_of(reading: Reading, counting: Counting) -> Summary:
    """What came of a file whose records were counted."""
    because = {state: counting.because(state) for state in (WITHHELD, "held", "rejected", REFUSED)}
    return Summary(
        scheme=reading.scheme,
        guessed=reading.guessed,
        rows=reading.rows,
        refused_rows=reading.refused,
        states=counting.states,
        days=counting.lines_of_days(),
        warts=(*reading.warts(), *because[WITHHELD]),
        because=because,
    )
