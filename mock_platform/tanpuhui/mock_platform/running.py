"""The parts of a running platform, put together once and handed to whoever needs them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from tanpuhui.mock_platform.bell import Bell
from tanpuhui.mock_platform.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.service import Service
    from tanpuhui.mock_platform.state.store import Store
    from tanpuhui.mock_platform.state.tenant import Tenant
    from tanpuhui.mock_platform.state.tenants import Tenants

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Pace:
    """How many requests may be under way at a time, and whether reports are made at their hour or only when read."""

    most_waiting: int = 256
    reports_by_hour: bool = True


AS_USUAL = Pace()
WHEN_READ = Pace(reports_by_hour=False)
"""For those who move clocks by months and read no report."""


@dataclass(frozen=True, slots=True)
class Platform:
    """Store, tenants and service, and the bells that tell of new entries, deliveries and jobs, and of moves of the clock."""

    store: Store
    tenants: Tenants
    service: Service
    new_id: Callable[[], str]
    pace: Pace = AS_USUAL
    wire: Wire = field(default_factory=Wire)
    entries: Bell = field(default_factory=Bell)
    deliveries: Bell = field(default_factory=Bell)
    jobs: Bell = field(default_factory=Bell)
    clocks: Bell = field(default_factory=Bell)

    @property
    def bells(self) -> Mapping[str, Bell]:
        """Every bell by name."""
        return {
            "entries": self.entries,
            "deliveries": self.deliveries,
            "jobs": self.jobs,
            "clocks": self.clocks,
        }

    def look_again(self) -> None:
        """Wake everyone who waits: the database was away, and nobody knows what was missed."""
        for bell in self.bells.values():
            bell.hear_all()

    async def find(self, name: str) -> Tenant | None:
        """The tenant of that name as it is now; where others work too, the database is asked."""
        if not self.store.shared:
            return self.tenants.get(name)
        return await self.store.run(partial(self.tenants.lock, tenant=name), about=name)

    async def run(self, tenant: str, unit: Callable[[Connection], Result]) -> Result:
        """Run a unit about one tenant: it is locked, and in memory as it is in the database."""
        return await self.store.run(partial(self._about, tenant=tenant, unit=unit), about=tenant)

    def _about(self, connection: Connection, *, tenant: str, unit: Callable[[Connection], Result]) -> Result:
        self.tenants.lock(connection, tenant)
        return unit(connection)
