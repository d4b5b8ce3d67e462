"""Makes quality reports in the background, one task per tenant, when their hour comes or the clock is moved past it."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

from tanpuhui.mock_platform.bell import waited
from tanpuhui.mock_platform.quality.assessing import assessed_beside
from tanpuhui.mock_platform.quality.due import due_periods, next_due
from tanpuhui.mock_platform.quality.reporting import Office, keep
from tanpuhui.mock_platform.quality.span import days_of
from tanpuhui.mock_platform.rounds import Rounds
from tanpuhui.mock_platform.state import journal
from tanpuhui.mock_platform.state.quality_reports import kept_report
from tanpuhui.mock_platform.state.writer import Caught, StoreLost

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.quality.assessing import Tallies
    from tanpuhui.mock_platform.quality.period import Period
    from tanpuhui.mock_platform.running import Platform
    from tanpuhui.mock_platform.state.tenant import Tenant

_LOG = logging.getLogger(__name__)


class Reporter(Rounds):
    """Makes what is due and was not made, one day after the other; writing goes on meanwhile."""

    def __init__(self, platform: Platform) -> None:
        super().__init__(platform)
        self._one_at_a_time = asyncio.Lock()  # the engine may take much memory

    async def round(self, name: str) -> None:
        """Make the reports that are due, then wait for the next hour."""
        while True:
            ring = self.platform.clocks.next(name)
            tenant = await self.platform.find(name)
            if tenant is None:
                return
            now = self.platform.tenants.now(tenant)
            for period in await self.platform.run(name, partial(due_periods, tenant=tenant, now=now)):
                await self._report(tenant, period)
            wall = self.platform.tenants.wall()
            await waited(ring, tenant.clock.wall_seconds(next_due(tenant.times, now), wall))

    async def _report(self, tenant: Tenant, period: Period) -> None:
        caught = Caught()
        with caught:
            found = await self._found(tenant, period)
            unit = partial(self._keep, name=tenant.id, period=period, found=found)
            await self.platform.run(tenant.id, unit)
        if isinstance(caught.error, Exception) and not isinstance(caught.error, StoreLost):
            kind = type(caught.error).__name__  # a mistake of ours; its text may quote a record (PRV-004)
            _LOG.error("质量报告 %s 未能出具 / report could not be made: %s", period.text, kind)
        elif caught.error is not None:
            raise caught.error
        self.platform.entries.ring(tenant.id)

    async def _found(self, tenant: Tenant, period: Period) -> Sequence[Tallies]:
        days = await self.platform.run(tenant.id, partial(days_of, tenant=tenant, period=period))
        async with self._one_at_a_time:
            return [await asyncio.to_thread(assessed_beside, self.platform.store, day) for day in days]

    def _keep(self, connection: Connection, *, name: str, period: Period, found: Sequence[Tallies]) -> None:
        """Keep the report, unless someone who read it or had it made was faster."""
        tenant = self.platform.tenants.get(name)
        if tenant is None or kept_report(connection, name, period.text) is not None:
            return
        now = self.platform.tenants.now(tenant)
        keep(Office(connection, tenant, now), period, found)
        journal.note(connection, name, "quality_report", now, period=period.text)
