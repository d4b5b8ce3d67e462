"""单次出行：一次活动一条记录 / Single trips: one record for each activity."""

from __future__ import annotations

from abc import abstractmethod
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.recipes.recipe import NORMAL, Measured, Part, Recipe
from tanpuhui.spec.quantity import decimal_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

TRANSACTION, ESTIMATED = "TRANSACTION", "ESTIMATED"
_METRES_PER_KILOMETRE = 1000


class EventRecipe(Recipe[Part]):
    """A trip from its start to its end, without its track (PRV-002)."""

    def parts(self, activity: Mapping[str, Any]) -> Sequence[Part]:
        """The trip is one part, however many midnights it crosses (IND-004)."""
        return [Part("", *self.span(activity))]

    @abstractmethod
    def span(self, activity: Mapping[str, Any]) -> tuple[datetime, datetime]:
        """The instants between which the trip took place."""

    @abstractmethod
    def distance_km(self, activity: Mapping[str, Any]) -> Decimal:
        """Kilometres that the trip replaced."""

    def measured(self, activity: Mapping[str, Any], part: Part) -> Measured:
        """Distance and duration, with what the scheme adds."""
        members = {
            "distance_km": decimal_text(self.distance_km(activity), 3),
            "duration_s": self.duration_s(part),
        }
        return Measured(NORMAL, self.data_source(activity), members | self.particulars(activity))

    @abstractmethod
    def particulars(self, activity: Mapping[str, Any]) -> dict[str, Any]:
        """What only this scheme tells of a trip."""

    def data_source(self, activity: Mapping[str, Any]) -> str:  # noqa: ARG002
        """A trip is a transaction of the business system."""
        return TRANSACTION

    def duration_s(self, part: Part) -> int:
        """Whole seconds."""
        return (part.end - part.start) // timedelta(seconds=1)


def kilometres(metres: int) -> Decimal:
    """Kilometres of whole metres."""
    return Decimal(metres) / _METRES_PER_KILOMETRE
