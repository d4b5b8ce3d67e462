"""The stored records of some business days of one tenant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from tanpuhui.mock_platform.state.schema import RECORDS
from tanpuhui.spec.set_kind import Volume
from tanpuhui.spec.set_rule import set_rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Connection

    from tanpuhui.mock_platform.quality.period import Period
    from tanpuhui.mock_platform.state.tenant import Tenant

_ONE = timedelta(days=1)
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

    def days(self, connection: Connection) -> list[date]:
        """The business days of the span that have records; the index is asked for one after the other."""
        following = select(func.min(RECORDS.c.business_day)).where(*self.chosen)
        found, last = [], connection.execute(following).scalar()
        while last is not None:
            found.append(date.fromisoformat(last))
            last = connection.execute(following.where(RECORDS.c.business_day > last)).scalar()
        return found


@dataclass(frozen=True, slots=True)
class Day:
    """One business day of one tenant."""

    tenant: Tenant
    date: date

    @property
    def span(self) -> Span:
        """The day itself."""
        return Span.of(self.tenant, self.date, self.date + _ONE)

    @property
    def former(self) -> Span:
        """The days before it that the rules look back at."""
        looks = (rule.kind.days or 0 for rule in set_rules() if isinstance(rule.kind, Volume))
        return Span.of(self.tenant, self.date - timedelta(days=max(looks, default=0)), self.date)


def days_of(connection: Connection, *, tenant: Tenant, period: Period) -> list[Day]:
    """The days of a period that have records."""
    span = Span.of(tenant, period.first, period.last + _ONE)
    return [Day(tenant, each) for each in span.days(connection)]


def record_ids(connection: Connection, positions: Iterable[int]) -> dict[int, str]:
    """The ids of the records at these positions."""
    wanted = sorted(set(positions))
    found: dict[int, str] = {}
    for start in range(0, len(wanted), _MOST_AT_ONCE):
        place: Any = RECORDS.c.position.in_(wanted[start : start + _MOST_AT_ONCE])
        rows = connection.execute(select(RECORDS.c.position, RECORDS.c.record_id).where(place))
        found |= {row.position: row.record_id for row in rows}
    return found
