"""Wakes those who wait for news of one tenant, without polling."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Bell:
    """One event per tenant, replaced when it rings. Take the event before looking, then nothing is missed."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Event] = {}
        self.closed = False
        self.tell: Callable[[str], object] = lambda _: None
        """Who else has to know, in other processes."""

    def next(self, tenant: str) -> asyncio.Event:
        """The event that is set when the bell rings next for the tenant."""
        event = self._waiting.setdefault(tenant, asyncio.Event())
        if self.closed:
            event.set()
        return event

    def ring(self, tenant: str) -> None:
        """Wake everyone who waits for the tenant, here and elsewhere."""
        self.hear(tenant)
        self.tell(tenant)

    def hear(self, tenant: str) -> None:
        """Wake everyone who waits here for the tenant."""
        event = self._waiting.pop(tenant, None)
        if event is not None:
            event.set()

    def close(self) -> None:
        """Wake everyone for good: nobody waits any more."""
        self.closed = True
        self.hear_all()

    def hear_all(self) -> None:
        """Wake everyone who waits here."""
        for tenant in list(self._waiting):
            self.hear(tenant)


async def waited(event: asyncio.Event, seconds: float | None) -> bool:
    """Wait until the event is set or the time is over; whether it was set."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
