"""The stored records of some business days of one tenant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from tanpuhui.mock_platform.state.schema import RECORDS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy import ColumnElement, Connection

    from tanpuhui.mock_platform.state.tenant import Tenant

_MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Span:
    """From a first business day to before another."""

    tenant: str
    scenario_id: str
    first: date
    until: date

    @classmethod
    def of(cls, tenant: Tenant, first: date, until: date) -> Span:
        """The span of the tenant's own scenario."""
        return cls(tenant.id, tenant.profile.scenario_id, first, until)

    @property
    def chosen(self) -> tuple[ColumnElement[bool], ...]:
        """The condition on stored records."""
        return (
            RECORDS.c.tenant == self.tenant,
            RECORDS.c.scenario_id == self.scenario_id,
            RECORDS.c.business_day >= self.first.isoformat(),
            RECORDS.c.business_day < self.until.isoformat(),
        )

    def days(self, connection: Connection) -> list[str]:
        """The business days of the span that have records."""
        days = select(RECORDS.c.business_day).where(*self.chosen).distinct()
        return list(connection.execute(days.order_by(RECORDS.c.business_day)).scalars())


def record_ids(connection: Connection, positions: Iterable[int]) -> dict[int, str]:
    """The ids of the records at these positions."""
    wanted = sorted(set(positions))
    found: dict[int, str] = {}
    for start in range(0, len(wanted), _MOST_AT_ONCE):
        place: Any = RECORDS.c.position.in_(wanted[start : start + _MOST_AT_ONCE])
        rows = connection.execute(select(RECORDS.c.position, RECORDS.c.record_id).where(place))
        found |= {row.position: row.record_id for row in rows}
    return found
