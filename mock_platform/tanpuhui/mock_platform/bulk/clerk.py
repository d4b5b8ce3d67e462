"""Judges uploads in the background, one task per tenant, woken by every upload; goes on where it was killed."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from tanpuhui.mock_platform.bulk.judging import SLOW, Docket, lines_left
from tanpuhui.mock_platform.bulk.reading import Packet, Reader
from tanpuhui.mock_platform.handlers.verdicts import Bench
from tanpuhui.mock_platform.rounds import Rounds
from tanpuhui.mock_platform.state.spool import one_part
from tanpuhui.mock_platform.state.writer import Caught, StoreLost

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tanpuhui.mock_platform.bulk.reading import Stretch
    from tanpuhui.mock_platform.state.jobs import Job
    from tanpuhui.mock_platform.state.store import Store
    from tanpuhui.mock_platform.state.tenant import Tenant

_AT_A_TIME = 1000
_LOG = logging.getLogger(__name__)


class Clerk(Rounds):
    """Takes up one job of a tenant after the other."""

    async def round(self, tenant: str) -> None:
        """Judge what waits, then wait for more."""
        docket = Docket(self.platform, tenant)
        while True:
            ring = self.platform.jobs.next(tenant)
            if await self.platform.find(tenant) is None:
                return
            taken = await self.platform.run(tenant, docket.take_up)
            if taken is None:
                await ring.wait()
            else:
                await self._work(docket, *taken)

    async def _work(self, docket: Docket, tenant: Tenant, job: Job) -> None:
        caught = Caught()
        with caught:
            await self._judge(docket, tenant, job)
        if isinstance(caught.error, StoreLost):  # the job goes on when the database is back
            raise caught.error
        if isinstance(caught.error, Exception):  # a mistake of ours: told in the job, then logged
            await self.platform.run(tenant.id, partial(docket.give_up, job_id=job.id))
            _LOG.error("任务 %s 中断 / job broke off", job.id, exc_info=caught.error)
        elif caught.error is not None:
            raise caught.error
        self.platform.entries.ring(tenant.id)

    async def _judge(self, docket: Docket, tenant: Tenant, job: Job) -> None:
        if job.fault is not None and job.fault["kind"] == SLOW:
            await asyncio.sleep(float(job.fault["seconds"]))
        parts = _parts(self.platform.store, tenant.id, job.id)
        reader = Reader(Packet(job.coding, job.size, parts), tenant.limits, job.judged)
        stretch = await self._read(reader, tenant, job)
        going: Job | None = job
        while going is not None and going.open:  # the next lines are read while these are judged
            unit = partial(docket.judge, job=going, stretch=stretch)
            reading = self._read(reader, tenant, job)
            going, stretch = await asyncio.gather(self.platform.run(tenant.id, unit), reading)

    async def _read(self, reader: Reader, tenant: Tenant, job: Job) -> Stretch:
        bench = Bench.of(self.platform.tenants.get(tenant.id) or tenant, job.submitted_at)
        most = lines_left(job, reader.line, _AT_A_TIME)
        return await asyncio.to_thread(reader.stretch, most, bench)


def _parts(store: Store, tenant: str, job_id: str) -> Iterator[bytes]:
    for part in count():
        unit = partial(one_part, tenant=tenant, job_id=job_id, part=part)
        content = store.run_now(unit, about=tenant)
        if content is None:
            return
        yield content
