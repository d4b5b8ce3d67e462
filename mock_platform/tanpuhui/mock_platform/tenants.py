"""All tenants of this platform, in memory as they are in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from tanpuhui.mock_platform.schema import SCHEMA, TENANTS
from tanpuhui.mock_platform.tenant import Tenant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection


class Tenants:
    """Who lives here. Changes are made inside a unit of work, reading needs none."""

    def __init__(self, base_url: str, wall: Callable[[], datetime]) -> None:
        self.base_url = base_url
        self.wall = wall
        self._living: dict[str, Tenant] = {}

    def load(self, connection: Connection) -> None:
        """Move in everyone whom the database knows."""
        for row in connection.execute(select(TENANTS)).mappings():
            self._living[row["tenant"]] = Tenant.from_row(dict(row), self.base_url)

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._living))

    def get(self, tenant: str) -> Tenant | None:
        """The tenant as it is now, None where nobody of that name lives here."""
        return self._living.get(tenant)

    def now(self, tenant: Tenant) -> datetime:
        """The time at the tenant's, with every move of its clock."""
        return self._living.get(tenant.id, tenant).clock.at(self.wall())

    def add(self, connection: Connection, tenant: Tenant) -> None:
        """Move a tenant in."""
        connection.execute(insert(TENANTS), tenant.as_row())
        self._living[tenant.id] = tenant

    def change(self, connection: Connection, tenant: Tenant) -> None:
        """Replace a tenant by its changed self."""
        connection.execute(update(TENANTS).where(TENANTS.c.tenant == tenant.id).values(tenant.as_row()))
        self._living[tenant.id] = tenant

    def remove(self, connection: Connection, tenant: str) -> None:
        """Move a tenant out with everything that it had."""
        for table in SCHEMA.sorted_tables:
            connection.execute(delete(table).where(table.c.tenant == tenant))
        del self._living[tenant]
