"""The platform's time as the scenario knows it: its own clock plus an offset learned from the platform."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def system_time() -> datetime:
    """This machine's time."""
    return datetime.now(UTC)


class PlatformClock:
    """Corrected, never trusted: signatures, tokens and business decisions go by the platform's time."""

    def __init__(self, local: Callable[[], datetime] = system_time) -> None:
        self.local = local
        self.offset = timedelta(0)

    def now(self) -> datetime:
        """The platform's time."""
        return self.local() + self.offset

    def learn(self, told: datetime, asked: datetime, answered: datetime) -> None:
        """Takes the platform's word for the middle between question and answer, both by the local clock."""
        self.offset = told - (asked + (answered - asked) / 2)
