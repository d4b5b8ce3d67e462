"""What was reported, by business day: every record that has a verdict, in the words in which it went out (WRT-014)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tanpuhui.spec.element import envelope

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from tanpuhui.reference_client.keeping.store import Store

_DAY = "json_extract(CAST(records.body AS TEXT), '$.business_day')"
_SENT = "CAST(COALESCE(told.body, records.body) AS TEXT)"
_VERDICT = "iif(records.state = 'duplicate', COALESCE(decisions.verdict, records.detail), records.state)"
_FROM = (
    " FROM records INDEXED BY records_reported LEFT JOIN told USING (record_id) LEFT JOIN decisions USING (record_id)"
    " LEFT JOIN receipt_ids USING (batch)"
    " WHERE records.state IN ('accepted', 'duplicate', 'held', 'rejected')"
)
_RECORDS = f"""SELECT records.record_id, {_SENT} AS sent, {_VERDICT} AS verdict, receipt_id {_FROM}
    AND {_DAY} = ? AND records.record_id > ? AND json_extract({_SENT}, '$.scheme') LIKE ?
    ORDER BY records.record_id LIMIT ?"""  # our own words
_SUMMARIES = f"""SELECT {_DAY} AS day, json_extract({_SENT}, '$.scheme') AS scheme, count(*) AS records,
    count(*) FILTER (WHERE {_VERDICT} = 'accepted') AS accepted,
    count(*) FILTER (WHERE {_VERDICT} = 'held') AS held,
    count(*) FILTER (WHERE {_VERDICT} = 'rejected') AS rejected,
    sum(CAST(replace(json_extract({_SENT}, '$.reduction_kg'), '.', '') AS INTEGER))
        FILTER (WHERE {_VERDICT} = 'accepted') AS reduction
    {_FROM} AND {_DAY} BETWEEN ? AND ? AND json_extract({_SENT}, '$.scheme') LIKE ?
    GROUP BY 1, 2 HAVING (day, scheme) > (?, ?) ORDER BY 1, 2 LIMIT ?"""
_ANY = "%"


@dataclass(frozen=True, slots=True)
class ReportedRecord:
    """A record as it went out, its present verdict, and the receipt that gave it."""

    record_id: str
    content: Mapping[str, Any]
    verdict: str
    receipt_id: str


@dataclass(frozen=True, slots=True)
class DaySummary:
    """The records of one day and scheme, counted; the reduction is that of the accepted ones (WRT-015)."""

    business_day: str
    scheme: str
    records: int
    accepted: int
    held: int
    rejected: int
    reduction_kg: Decimal


class ReportBook:
    """Reads the outbox; nothing is kept twice."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def records(
        self, business_day: str, scheme: str | None, after: str, count: int
    ) -> Sequence[ReportedRecord]:
        """The records of a day that follow an id, in ascending order of their ids."""
        found = self.store.rows(_RECORDS, business_day, after, scheme or _ANY, count)
        return [
            ReportedRecord(row["record_id"], json.loads(row["sent"]), row["verdict"], row["receipt_id"])
            for row in found
        ]

    def summaries(
        self, span: tuple[str, str], scheme: str | None, after: tuple[str, str], count: int
    ) -> Sequence[DaySummary]:
        """The days of a span that follow a day and scheme, in ascending order."""
        return [_summary(row) for row in self.store.rows(_SUMMARIES, *span, scheme or _ANY, *after, count)]


def _summary(row: sqlite3.Row) -> DaySummary:
    precision = next(one.precision for one in envelope() if one.id == "reduction_kg") or 0
    reduction = Decimal(row["reduction"] or 0).scaleb(-precision)
    return DaySummary(
        row["day"], row["scheme"], row["records"], row["accepted"], row["held"], row["rejected"], reduction
    )
