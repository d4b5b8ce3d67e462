"""All tenants of this platform, in memory as they are in the database."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from tanpuhui.mock_platform.state.schema import SCHEMA, TENANTS
from tanpuhui.mock_platform.state.tenant import Tenant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection


class Tenants:
    """Who lives here. Another process may change a tenant: `lock` it before relying on what is in memory."""

    def __init__(self, base_url: str, wall: Callable[[], datetime]) -> None:
        self.base_url = base_url
        self.wall = wall
        self._living: dict[str, Tenant] = {}

    def load(self, connection: Connection) -> None:
        """Move in everyone whom the database knows and who was not seen here yet."""
        for row in connection.execute(select(TENANTS)).mappings():
            if row["tenant"] not in self._living:
                self._living[row["tenant"]] = Tenant.from_row(dict(row), self.base_url)

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._living))

    def get(self, tenant: str) -> Tenant | None:
        """The tenant as last seen, None where nobody of that name was seen here."""
        return self._living.get(tenant)

    def lock(self, connection: Connection, tenant: str) -> Tenant | None:
        """The tenant as it is now; until the end of the transaction nobody else works on it."""
        place = TENANTS.c.tenant == tenant
        revision = connection.execute(select(TENANTS.c.revision).where(place).with_for_update()).scalar()
        if revision is None:
            self._living.pop(tenant, None)
            return None
        known = self._living.get(tenant)
        if known is None or known.revision != revision:
            row = connection.execute(select(TENANTS).where(place)).mappings().one()
            known = self._living[tenant] = Tenant.from_row(dict(row), self.base_url)
        return known

    def now(self, tenant: Tenant) -> datetime:
        """The time at the tenant's, with every move of its clock."""
        return self._living.get(tenant.id, tenant).clock.at(self.wall())

    def add(self, connection: Connection, tenant: Tenant) -> bool:
        """Move a tenant in, unless another of this name is there."""
        if self.lock(connection, tenant.id) is not None:
            return False
        connection.execute(insert(TENANTS), tenant.as_row())
        self._living[tenant.id] = tenant
        return True

    def change(self, connection: Connection, tenant: Tenant) -> None:
        """Replace a tenant by its changed self."""
        changed = replace(tenant, revision=tenant.revision + 1)
        connection.execute(update(TENANTS).where(TENANTS.c.tenant == tenant.id).values(changed.as_row()))
        self._living[tenant.id] = changed

    def remove(self, connection: Connection, tenant: str) -> None:
        """Move a tenant out with everything that it had."""
        for table in SCHEMA.sorted_tables:
            connection.execute(delete(table).where(table.c.tenant == tenant))
        self._living.pop(tenant, None)
