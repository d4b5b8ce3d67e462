"""What is to be sent and what became of it, written down first, so that kill -9 loses nothing."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.inbox import decide_held

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tanpuhui.reference_client.answers import Receipt
    from tanpuhui.reference_client.store import Store

WITHHELD, READY, BATCHED, REFUSED = "withheld", "ready", "batched", "refused"
CORRECTABLE = frozenset({WITHHELD, "rejected", REFUSED})
"""States in which other content may still be sent under the same record id (WRT-005)."""


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity as the business system gave it."""

    position: int
    activity_id: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A record, or the reason why there is none, for one part of an activity."""

    record_id: str
    part: str
    state: str
    reason: str | None = None
    detail: str | None = None
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """A record that waits for its batch."""

    position: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a record, why, and by which rule."""

    state: str
    reason: str | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """Frozen bytes under their key; they go out like this and no other way (CAL-002)."""

    batch: int
    idempotency_key: str
    body: bytes
    count: int
    failures: int
    not_before: datetime | None


class Outbox:
    """Activities, records, batches and receipts."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def load(self, activities: Iterable[Mapping[str, Any]]) -> None:
        """Takes activities in; one that is loaded again replaces its former self where that was not sent."""
        rows = [(item["activity_id"], item["scheme"], json.dumps(item, default=str)) for item in activities]
        with self.store.changing() as connection:
            connection.executemany(
                "INSERT INTO activities (activity_id, scheme, body) VALUES (?, ?, ?)"
                " ON CONFLICT (activity_id) DO UPDATE SET"
                " scheme = excluded.scheme, body = excluded.body, done = 0 WHERE body <> excluded.body",
                rows,
            )

    def undone(self) -> Iterator[Activity]:
        """Activities of which something may still have to be reported."""
        for page in self.undone_pages():
            yield from page

    def undone_pages(self, size: int = 200) -> Iterator[list[Activity]]:
        """The same, page by page, so that a page can be one transaction."""
        position = 0
        page = "SELECT * FROM activities WHERE done = 0 AND position > ? ORDER BY position LIMIT ?"
        while rows := self.store.rows(page, position, size):
            yield [Activity(row["position"], row["activity_id"], json.loads(row["body"])) for row in rows]
            position = rows[-1]["position"]

    def entries(self, activity_id: str) -> Mapping[str, Entry]:
        """What is known of an activity's parts."""
        rows = self.store.rows("SELECT * FROM records WHERE activity_id = ?", activity_id)
        return {row["part"]: Entry(*(row[name] for name in Entry.__dataclass_fields__)) for row in rows}

    def enter(self, activity: Activity, entries: Sequence[Entry], *, done: bool) -> None:
        """Stores an activity's records with their ids, before anything of them is sent (WRT-001)."""
        rows = [(activity.activity_id, *astuple(entry)) for entry in entries]
        with self.store.changing() as connection:
            connection.executemany(
                "INSERT INTO records (activity_id, record_id, part, state, reason, detail, body)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (activity_id, part) DO UPDATE SET"
                " state = excluded.state, reason = excluded.reason, detail = excluded.detail,"
                " body = excluded.body, batch = NULL",
                rows,
            )
            connection.execute(
                "UPDATE activities SET done = ? WHERE position = ?", (int(done), activity.position)
            )

    def ready(self, count: int) -> list[Ready]:
        """The records that come next, oldest first."""
        found = self.store.rows(
            "SELECT position, body FROM records WHERE state = ? ORDER BY position LIMIT ?", READY, count
        )
        return [Ready(row["position"], row["body"]) for row in found]

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
        rows = self.store.rows("SELECT * FROM batches WHERE state = 'open' ORDER BY batch LIMIT 1")
        if not rows:
            return None
        row = rows[0]
        not_before = datetime.fromisoformat(row["not_before"]) if row["not_before"] else None
        return OpenBatch(
            row["batch"], row["idempotency_key"], row["body"], row["count"], row["failures"], not_before
        )

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
            positions = self.store.rows(
                "SELECT position FROM records WHERE batch = ? ORDER BY position", batch.batch
            )
            connection.executemany(
                "UPDATE records SET state = ?, reason = ?, detail = ? WHERE position = ?",
                [(*astuple(item), row["position"]) for row, item in zip(positions, settled, strict=True)],
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

    def counts(self) -> Mapping[str, int]:
        """Records by state."""
        return _counted(self.store.rows("SELECT state AS name, count(*) AS n FROM records GROUP BY state"))

    def withheld(self) -> Mapping[str, int]:
        """Withheld records by reason."""
        query = "SELECT reason AS name, count(*) AS n FROM records WHERE state = ? GROUP BY reason"
        return _counted(self.store.rows(query, WITHHELD))


def _counted(rows: Iterable[sqlite3.Row]) -> Mapping[str, int]:
    return {row["name"]: row["n"] for row in rows}
