"""Delivers events in the background, one task per tenant, woken by new events and by moves of the clock."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Self

from tanpuhui.mock_platform import journal
from tanpuhui.mock_platform.bell import waited
from tanpuhui.mock_platform.deliveries import agenda, settle
from tanpuhui.mock_platform.outbound import send_event

if TYPE_CHECKING:
    from types import TracebackType

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.deliveries import Agenda, Delivery
    from tanpuhui.mock_platform.outbound import Sent
    from tanpuhui.mock_platform.running import Platform
    from tanpuhui.mock_platform.tenant import Tenant


class Courier:
    """Runs a round for each tenant until it is dismissed."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._rounds: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Self:
        for tenant in self._platform.tenants:
            self.employ(tenant)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for tenant in list(self._rounds):
            await self.dismiss(tenant)

    def employ(self, tenant: str) -> None:
        """Start delivering for a tenant."""
        self._rounds[tenant] = asyncio.create_task(self._round(tenant), name=f"courier-{tenant}")

    async def dismiss(self, tenant: str) -> None:
        """Stop delivering for a tenant, at once."""
        task = self._rounds.pop(tenant, None)
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _round(self, name: str) -> None:
        while (tenant := self._platform.tenants.get(name)) is not None:
            ring = self._platform.deliveries.next(name)
            now = self._platform.tenants.now(tenant)
            found = await self._platform.store.run(partial(agenda, tenant=tenant, now=now))
            if found.due is None:
                await waited(ring, self._pause(tenant, found))
            else:
                await self._deliver(tenant, found.due)

    def _pause(self, tenant: Tenant, found: Agenda) -> float | None:
        if found.next_at is None:
            return None
        return tenant.clock.wall_seconds(found.next_at, self._platform.tenants.wall())

    async def _deliver(self, tenant: Tenant, due: Delivery) -> None:
        sent = await send_event(self._platform, tenant, due.body)
        await self._platform.store.run(partial(self._book, tenant=tenant, due=due, sent=sent))
        self._platform.entries.ring(tenant.id)

    def _book(self, connection: Connection, *, tenant: Tenant, due: Delivery, sent: Sent) -> None:
        if self._platform.tenants.get(tenant.id) is None:
            return
        journal.write(connection, tenant.id, sent.entry)
        settle(connection, tenant, due, accepted=sent.accepted, now=self._platform.tenants.now(tenant))
