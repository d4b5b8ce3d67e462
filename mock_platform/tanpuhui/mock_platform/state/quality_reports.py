"""Quality reports as they were made: a report stands once it has been made, whatever comes later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Column, Table, delete, insert, select

from tanpuhui.mock_platform.state.columns import number, tenant_key, text
from tanpuhui.mock_platform.state.schema import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

QUALITY_REPORTS = Table(
    "quality_reports",
    SCHEMA,
    tenant_key(),
    text("period", key=True),
    number("generated_at"),
    Column("report", JSON, nullable=False),
)


def keep_report(connection: Connection, tenant: str, report: Mapping[str, Any], generated_at: int) -> None:
    """Keep a report, in place of an earlier one of the same period."""
    place = {"tenant": tenant, "period": report["period"]}
    connection.execute(
        delete(QUALITY_REPORTS).where(*(QUALITY_REPORTS.c[name] == at for name, at in place.items()))
    )
    connection.execute(insert(QUALITY_REPORTS), {**place, "generated_at": generated_at, "report": report})


def kept_report(connection: Connection, tenant: str, period: str) -> dict[str, Any] | None:
    """The report of a period, if it has been made."""
    found = connection.execute(
        select(QUALITY_REPORTS.c.report).filter_by(tenant=tenant, period=period)
    ).first()
    return None if found is None else dict(found.report)


def reported_periods(connection: Connection, tenant: str) -> frozenset[str]:
    """The periods whose report has been made."""
    made = select(QUALITY_REPORTS.c.period).filter_by(tenant=tenant)
    return frozenset(connection.execute(made).scalars())
