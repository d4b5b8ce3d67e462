"""What is to be sent and what became of it, written down first, so that kill -9 loses nothing."""

from __future__ import annotations

import json
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.keeping.entry import (
    BATCHED,
    CORRECTABLE,
    READY,
    REFUSED,
    WITHHELD,
    Activity,
    Composed,
    Entry,
    FrozenUpload,
    OpenBatch,
    Ready,
    Settled,
    activity_row,
)
from tanpuhui.reference_client.keeping.inbox import decide_held

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tanpuhui.reference_client.calling.answers import Receipt
    from tanpuhui.reference_client.keeping.store import Store

__all__ = [
    "BATCHED",
    "CORRECTABLE",
    "READY",
    "REFUSED",
    "WITHHELD",
    "Activity",
    "Composed",
    "Entry",
    "FrozenUpload",
    "OpenBatch",
    "Outbox",
    "Ready",
    "Settled",
]

_columns = attrgetter(*Entry.__dataclass_fields__)


class Outbox:
    """Activities, records, batches and receipts."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def load(self, activities: Iterable[Mapping[str, Any]]) -> None:
        """Takes activities in; one that is loaded again replaces its former self where that was not sent."""
        self.load_rows(map(activity_row, activities))

    def load_rows(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """The same, of activities that are written out already."""
        with self.store.changing() as connection:
            connection.executemany(
                "INSERT INTO activities (activity_id, scheme, body) VALUES (?, ?, ?)"
                " ON CONFLICT (activity_id) DO UPDATE SET"
                " scheme = excluded.scheme, body = excluded.body, done = 0 WHERE body <> excluded.body",
                rows,
            )

    def undone_pages(self, size: int = 500) -> Iterator[list[Activity]]:
        """Activities of which something may still have to be reported; a page can be one transaction."""
        position = 0
        page = "SELECT * FROM activities WHERE done = 0 AND position > ? ORDER BY position LIMIT ?"
        while rows := self.store.rows(page, position, size):
            yield [Activity(row["position"], row["activity_id"], json.loads(row["body"])) for row in rows]
            position = rows[-1]["position"]

    def has_undone(self, scheme: str) -> bool:
        """Whether an activity of that scheme may still have to be reported."""
        return bool(self.store.rows("SELECT 1 FROM activities WHERE done = 0 AND scheme = ? LIMIT 1", scheme))

    def entries_of(self, activity_ids: Sequence[str]) -> Mapping[str, Mapping[str, Entry]]:
        """What is known of some activities' parts."""
        found: dict[str, dict[str, Entry]] = {}
        query = "SELECT * FROM records WHERE activity_id IN (SELECT value FROM json_each(?))"
        for row in self.store.rows(query, json.dumps(activity_ids)):
            entry = Entry(*(row[name] for name in Entry.__dataclass_fields__))
            found.setdefault(row["activity_id"], {})[row["part"]] = entry
        return found

    def enter(self, composed: Sequence[Composed]) -> None:
        """Stores the records of activities with their ids, before anything of them is sent (WRT-001)."""
        rows = [(each.activity.activity_id, *_columns(entry)) for each in composed for entry in each.news]
        with self.store.changing() as connection:
            connection.executemany(
                "INSERT INTO records (activity_id, record_id, part, state, reason, detail, body)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (activity_id, part) DO UPDATE SET"
                " state = excluded.state, reason = excluded.reason, detail = excluded.detail,"
                " body = excluded.body, batch = NULL",
                rows,
            )
            connection.executemany(
                "UPDATE activities SET done = ? WHERE position = ?",
                [(int(each.done), each.activity.position) for each in composed],
            )

    def ready(self, count: int, after: int = 0) -> list[Ready]:
        """The records that come next, oldest first."""
        query = (
            "SELECT position, body FROM records WHERE state = ? AND position > ? ORDER BY position LIMIT ?"
        )
        return [Ready(row["position"], row["body"]) for row in self.store.rows(query, READY, after, count)]

    def withhold(self, ready: Ready, reason: str) -> None:
        """Takes a record back that became inadmissible while it waited (LNK-003)."""
        with self.store.changing() as connection:
            connection.execute(
                "UPDATE records SET state = ?, reason = ? WHERE position = ?",
                (WITHHELD, reason, ready.position),
            )
            connection.execute(
                "UPDATE activities SET done = 0 WHERE activity_id ="
                " (SELECT activity_id FROM records WHERE position = ?)",
                (ready.position,),
            )

    def keep_told(self, ready: Ready, words: bytes) -> None:
        """Keeps a record that goes out in other words than it was composed in (WRT-014)."""
        with self.store.changing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO told SELECT record_id, ? FROM records WHERE position = ?",
                (words, ready.position),
            )

    def freeze(self, ready: Sequence[Ready], body: bytes, idempotency_key: str) -> None:
        """Makes a batch of records, its bytes and key fixed for good before the first sending (CAL-002)."""
        with self.store.changing() as connection:
            made = connection.execute(
                "INSERT INTO batches (idempotency_key, body, count, state) VALUES (?, ?, ?, 'open')",
                (idempotency_key, body, len(ready)),
            )
            connection.executemany(
                "UPDATE records SET state = ?, batch = ? WHERE position = ?",
                [(BATCHED, made.lastrowid, item.position) for item in ready],
            )

    def open_batch(self) -> OpenBatch | None:
        """The oldest batch without a verdict."""
        rows = self.store.rows(
            "SELECT batches.*, file, digest, coding, job_id, taken FROM batches LEFT JOIN uploads USING (batch)"
            " WHERE state = 'open' ORDER BY batch LIMIT 1"
        )
        return _open_batch(rows[0]) if rows else None

    def postpone(self, idempotency_key: str, failures: int, not_before: datetime) -> None:
        """Notes when a batch may go out again; a restart keeps to it too (CAL-004)."""
        with self.store.changing() as connection:
            connection.execute(
                "UPDATE batches SET failures = ?, not_before = ? WHERE idempotency_key = ?",
                (failures, not_before.isoformat(), idempotency_key),
            )

    def settle(self, batch: OpenBatch, settled: Sequence[Settled]) -> None:
        """Gives each record of a batch its state, in the order sent."""
        with self.store.changing() as connection:
            query = "SELECT position FROM records WHERE state = ? AND batch = ? ORDER BY position"
            positions = self.store.rows(query, BATCHED, batch.batch)
            connection.executemany(
                "UPDATE records SET state = ?, reason = ?, detail = ? WHERE position = ?",
                [
                    (item.state, item.reason, item.detail, row["position"])
                    for row, item in zip(positions, settled, strict=True)
                ],
            )
            decide_held(connection)
            connection.execute("UPDATE batches SET state = 'settled' WHERE batch = ?", (batch.batch,))

    def park(self, batch: OpenBatch, problem: str) -> None:
        """Sets a batch aside that was refused for good (CAL-005)."""
        with self.store.changing() as connection:
            connection.execute(
                "UPDATE batches SET state = 'parked', problem = ? WHERE batch = ?", (problem, batch.batch)
            )
            connection.execute(
                "UPDATE records SET state = ?, reason = ? WHERE batch = ?", (REFUSED, problem, batch.batch)
            )

    def release(self, problem: str) -> None:
        """Lets out what was parked for a problem that has passed: whole batches as they were, the rest anew."""
        parked = (
            "SELECT batch, count, (SELECT count(*) FROM records WHERE state = ? AND batch = batches.batch) AS n"
            " FROM batches WHERE state = 'parked' AND problem = ?"
        )
        with self.store.changing() as connection:
            for row in self.store.rows(parked, REFUSED, problem):
                whole = row["n"] == row["count"]
                connection.execute(
                    "UPDATE records SET state = ?, reason = NULL, batch = ? WHERE state = ? AND batch = ?",
                    (BATCHED if whole else READY, row["batch"] if whole else None, REFUSED, row["batch"]),
                )
                connection.execute(
                    "UPDATE batches SET state = ?, problem = NULL WHERE batch = ?",
                    ("open" if whole else "settled", row["batch"]),
                )

    def keep_receipt(self, batch: OpenBatch, receipt: Receipt, kept_at: datetime) -> None:
        """Keeps what proves the acknowledgement; the request's body is the batch's own (SIG-008)."""
        request, answer = receipt.request, receipt.response
        row = (
            batch.batch,
            kept_at.isoformat(),
            f"{request.method} {request.url}",
            json.dumps(request.headers),
            answer.status,
            json.dumps(answer.headers),
            answer.body,
        )
        with self.store.changing() as connection:
            connection.execute("INSERT OR REPLACE INTO receipts VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def name_receipt(self, batch: OpenBatch, receipt_id: str) -> None:
        """Notes what the platform calls its answer: the receipt of a batch, the job of an upload."""
        with self.store.changing() as connection:
            connection.execute("INSERT OR REPLACE INTO receipt_ids VALUES (?, ?)", (batch.batch, receipt_id))

    def counts(self) -> Mapping[str, int]:
        """Records by state."""
        return _counted(self.store.rows("SELECT state AS name, count(*) AS n FROM records GROUP BY state"))

    def withheld(self) -> Mapping[str, int]:
        """Withheld records by reason."""
        query = "SELECT reason AS name, count(*) AS n FROM records WHERE state = ? GROUP BY reason"
        return _counted(self.store.rows(query, WITHHELD))


def _open_batch(row: sqlite3.Row) -> OpenBatch:
    not_before = datetime.fromisoformat(row["not_before"]) if row["not_before"] else None
    upload = None
    if row["file"] is not None:
        upload = FrozenUpload(row["file"], row["digest"], row["coding"], row["job_id"], row["taken"])
    return OpenBatch(
        row["batch"], row["idempotency_key"], row["body"], row["count"], row["failures"], not_before, upload
    )


def _counted(rows: Iterable[sqlite3.Row]) -> Mapping[str, int]:
    return {row["name"]: row["n"] for row in rows}
