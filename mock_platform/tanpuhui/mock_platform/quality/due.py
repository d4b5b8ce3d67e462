"""Which reports are due and have not been made, and when the next ones will be (QUA-003)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tanpuhui.mock_platform.quality.period import Period
from tanpuhui.mock_platform.quality.span import Span
from tanpuhui.mock_platform.state.quality_reports import reported_periods
from tanpuhui.spec.business_time import business_day

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.state.tenant import Tenant
    from tanpuhui.spec.limits import Times


def due_periods(connection: Connection, *, tenant: Tenant, now: datetime) -> list[Period]:
    """The days with records, however long ago, and then the months; none of them a second time."""
    following = _first_not_due(tenant.times, now)
    days = Span.of(tenant, date.min, following).days(connection)
    months = sorted({day.replace(day=1) for day in days})
    named = [f"{day}" for day in days] + [f"{month:%Y-%m}" for month in months]
    made = reported_periods(connection, tenant.id)
    periods = [Period.of(text) for text in named if text not in made]
    return [period for period in periods if period.last < following]


def next_due(times: Times, now: datetime) -> datetime:
    """When the report of the next day will be due."""
    return Period.of(f"{_first_not_due(times, now)}").due_at(times)


def _first_not_due(times: Times, now: datetime) -> date:
    return business_day(now - timedelta(hours=times.quality_report_hour))
