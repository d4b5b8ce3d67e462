"""Delivers events in the background, one task per tenant, woken by new events and by moves of the clock."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tanpuhui.mock_platform.bell import waited
from tanpuhui.mock_platform.outbound import send_event
from tanpuhui.mock_platform.rounds import Rounds
from tanpuhui.mock_platform.state import journal
from tanpuhui.mock_platform.state.deliveries import agenda, settle

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tanpuhui.mock_platform.outbound import Sent
    from tanpuhui.mock_platform.state.deliveries import Agenda, Delivery
    from tanpuhui.mock_platform.state.tenant import Tenant


class Courier(Rounds):
    """Delivers what is due, one event after the other."""

    async def round(self, name: str) -> None:
        """Deliver what is due, then wait for the next event or its time."""
        while True:
            ring = self.platform.deliveries.next(name)
            tenant = await self.platform.find(name)
            if tenant is None:
                return
            now = self.platform.tenants.now(tenant)
            found = await self.platform.run(tenant.id, partial(agenda, tenant=tenant, now=now))
            if found.due is None:
                await waited(ring, self._pause(tenant, found))
            else:
                await self._deliver(tenant, found.due)

    def _pause(self, tenant: Tenant, found: Agenda) -> float | None:
        if found.next_at is None:
            return None
        return tenant.clock.wall_seconds(found.next_at, self.platform.tenants.wall())

    async def _deliver(self, tenant: Tenant, due: Delivery) -> None:
        sent = await send_event(self.platform, tenant, due.body)
        await self.platform.run(tenant.id, partial(self._book, tenant=tenant, due=due, sent=sent))
        self.platform.entries.ring(tenant.id)

    def _book(self, connection: Connection, *, tenant: Tenant, due: Delivery, sent: Sent) -> None:
        if self.platform.tenants.get(tenant.id) is None:
            return
        journal.write(connection, tenant.id, sent.entry)
        settle(connection, tenant, due, accepted=sent.accepted, now=self.platform.tenants.now(tenant))
