"""Wakes those who wait for news of one tenant, without polling."""

from __future__ import annotations

import asyncio


class Bell:
    """One event per tenant, replaced when it rings. Take the event before looking, then nothing is missed."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Event] = {}
        self.closed = False

    def next(self, tenant: str) -> asyncio.Event:
        """The event that is set when the bell rings next for the tenant."""
        event = self._waiting.setdefault(tenant, asyncio.Event())
        if self.closed:
            event.set()
        return event

    def ring(self, tenant: str) -> None:
        """Wake everyone who waits for the tenant."""
        event = self._waiting.pop(tenant, None)
        if event is not None:
            event.set()

    def close(self) -> None:
        """Wake everyone for good: nobody waits any more."""
        self.closed = True
        for tenant in list(self._waiting):
            self.ring(tenant)


async def waited(event: asyncio.Event, seconds: float | None) -> bool:
    """Wait until the event is set or the time is over; whether it was set."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
