"""Records as the platform keeps them: each id takes effect once in its scenario, for ever (WRT-003)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select, tuple_, update

from tanpuhui.mock_platform.state.clock import instant
from tanpuhui.mock_platform.state.many import WANTED, insert_rows, rows_with
from tanpuhui.mock_platform.state.schema import RECEIPTS, RECORDS
from tanpuhui.spec.business_time import instant_text
from tanpuhui.spec.quantity import decimal_text
from tanpuhui.spec.strict_json import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection, Row, Select

    from tanpuhui.mock_platform.state.tenant import Tenant

ACCEPTED = "accepted"
VERDICTS = ("accepted", "duplicate", "held", "rejected")
_COLUMNS = tuple(column.name for column in RECORDS.c if column.name != "position")
_in_order = itemgetter(*_COLUMNS)
_PLACES = 6


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a record id that came before."""

    fingerprint: str
    first_verdict: str
    verdict: str


def known_records(connection: Connection, tenant: Tenant, record_ids: Iterable[str]) -> dict[str, Known]:
    """Those of the ids that the scenario used before."""
    place = {"tenant": tenant.id, "scenario_id": tenant.profile.scenario_id}
    found = connection.execute(_known(connection.dialect.name), place | {WANTED: sorted(set(record_ids))})
    return {record_id: Known(*rest) for record_id, *rest in found}


@cache
def _known(dialect: str) -> Select[Any]:
    columns = (RECORDS.c.record_id, RECORDS.c.fingerprint, RECORDS.c.first_verdict, RECORDS.c.verdict)
    place = [RECORDS.c[name] == bindparam(name) for name in ("tenant", "scenario_id")]
    return rows_with(dialect, columns, place, RECORDS.c.record_id)


def keep_records(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep new records; this is the hot insert, one statement for a whole batch."""
    insert_rows(connection, RECORDS, _COLUMNS, [_in_order(row) for row in rows])


def keep_corrected(connection: Connection, row: Mapping[str, Any]) -> None:
    """Keep the new content of a record whose earlier content was rejected."""
    names = ("tenant", "scenario_id", "record_id")
    place = tuple_(*(RECORDS.c[name] for name in names)) == tuple_(*(row[name] for name in names))
    connection.execute(update(RECORDS).where(place).values(**row))


def decide_record(connection: Connection, tenant: Tenant, record_id: str, verdict: str) -> None:
    """Turn a held record into an accepted or rejected one."""
    held = (RECORDS.c.record_id == record_id, RECORDS.c.verdict == "held")
    connection.execute(update(RECORDS).where(*_own(tenant), *held).values(verdict=verdict))


def one_record(connection: Connection, tenant: Tenant, record_id: str) -> dict[str, Any] | None:
    """The record of that id as the scenario may read it."""
    row = connection.execute(select(RECORDS).where(*_own(tenant), RECORDS.c.record_id == record_id)).first()
    return None if row is None else _shown(row)


def page_of_records(
    connection: Connection, tenant: Tenant, business_day: str | None, after: int, size: int
) -> list[tuple[int, dict[str, Any]]]:
    """The next records with their positions."""
    day = () if business_day is None else (RECORDS.c.business_day == business_day,)
    chosen = select(RECORDS).where(*_own(tenant), *day, RECORDS.c.position > after)
    return [
        (row.position, _shown(row))
        for row in connection.execute(chosen.order_by(RECORDS.c.position).limit(size))
    ]


def counted(connection: Connection, tenant: Tenant) -> dict[str, Any]:
    """How many records have which verdict now, what was ever answered, and the sum of accepted reductions."""
    verdicts = connection.execute(select(RECORDS.c.verdict).where(*_own(tenant))).scalars()
    accepted = select(RECORDS.c.reduction_kg).where(*_own(tenant), RECORDS.c.verdict == ACCEPTED)
    total = sum((Decimal(text) for text in connection.execute(accepted).scalars()), Decimal(0))
    answered = (func.coalesce(func.sum(RECEIPTS.c[name]), 0).label(name) for name in VERDICTS)
    sums = connection.execute(select(*answered).where(RECEIPTS.c.tenant == tenant.id)).one()
    return {
        "records": dict.fromkeys(("accepted", "held", "rejected"), 0) | Counter(verdicts),
        "answered": dict(sums._mapping),  # noqa: SLF001  # SQLAlchemy's public name for it
        "reduction_kg": decimal_text(total, _PLACES),
    }


def _own(tenant: Tenant) -> tuple[Any, Any]:
    return (RECORDS.c.tenant == tenant.id, RECORDS.c.scenario_id == tenant.profile.scenario_id)


def _shown(row: Row[Any]) -> dict[str, Any]:
    content = parse_json(row.content)
    return {**content, "verdict": row.verdict, "received_at": instant_text(instant(row.received_at))}
