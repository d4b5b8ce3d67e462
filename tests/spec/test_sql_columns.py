"""Columns made by an engine from texts are those that `record_row` makes, whatever the offset and the fraction."""

from __future__ import annotations

import copy
import json
import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sql_records import a_record

from tanpuhui.spec.business_time import parse_instant
from tanpuhui.spec.columns import record_columns, record_row
from tanpuhui.spec.element import schemes
from tanpuhui.spec.sql.columns import ROW, Source, record_types, typed_records
from tanpuhui.spec.sql.dialect import DUCKDB, Dialect, quoted

if TYPE_CHECKING:
    from sql_engine import Engine

RECEIVED = datetime(2026, 3, 3, 1, 2, 3, 4, tzinfo=UTC)
TIMES = [
    ("2026-03-01T00:00:00+08:00", "2026-03-02T00:00:00+08:00"),
    ("2026-02-28T16:00:00Z", "2026-02-28T16:15:00.5Z"),
    ("2026-02-28T15:59:59.9999999Z", "2026-03-01T00:00:00.000001+08:00"),
    ("2024-02-29T23:59:59.123456789-11:30", "2024-03-01T23:59:59.10-11:30"),
    ("2099-12-31T23:59:59Z", "2000-01-01T00:00:00+14:00"),
]


def json_source(dialect: Dialect) -> Source:
    received = "CAST(received AS TIMESTAMP)"
    if dialect is DUCKDB:
        return Source(
            "raw",
            "n",
            received,
            lambda name: f"(doc ->> '$.{name}')",
            lambda name: f"(doc ->> '$.activity.{name}')",
        )
    return Source(
        "raw",
        "n",
        received,
        lambda name: f"(doc ->> '{name}')",
        lambda name: f"(doc -> 'activity' ->> '{name}')",
    )


@pytest.mark.parametrize("scheme", schemes())
def test_an_engine_makes_the_same_columns(engine: Engine, scheme: str) -> None:
    chance = random.Random(scheme)
    records = [
        {**a_record(scheme, chance), "activity_start": start, "activity_end": end} for start, end in TIMES
    ]
    rows = [[n, "2026-03-03 01:02:03.000004", json.dumps(one)] for n, one in enumerate(records)]
    engine.table("raw", {"n": "BIGINT", "received": "VARCHAR", "doc": "JSON"}, rows)
    names = list(record_columns(scheme))
    listed = ", ".join(quoted(name) for name in names)
    found = engine.run(
        f"SELECT {listed} FROM ({typed_records(scheme, json_source(engine.dialect), engine.dialect)}) AS made ORDER BY {ROW}"
    )
    for record, made in zip(records, found, strict=True):
        row = record_row(copy.deepcopy(record), received_at=RECEIVED)
        assert {name: _told(value) for name, value in zip(names, made, strict=True)} == {
            name: _expected(row.get(name)) for name in names
        }


def test_every_column_of_the_law_has_a_type() -> None:
    for scheme in (None, *schemes()):
        assert {name: of.kind for name, of in record_types(scheme).items()} == dict(record_columns(scheme))


def _told(value: Any) -> Any:
    return (
        value.replace(tzinfo=UTC)
        if isinstance(value, datetime)
        else getattr(value, "isoformat", lambda: value)()
    )


def _expected(value: Any) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def test_times_are_those_that_the_law_reads() -> None:
    assert parse_instant(TIMES[2][0]) == datetime(2026, 2, 28, 15, 59, 59, 999999, tzinfo=UTC)
