"""What the platform told: links, and events stored with their effect before they are acknowledged."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.calling.answers import Link
from tanpuhui.reference_client.keeping.linkbook import LinkChange, link_book
from tanpuhui.spec.business_time import parse_instant
from tanpuhui.spec.event import event_prefix

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from tanpuhui.reference_client.keeping.linkbook import LinkBook
    from tanpuhui.reference_client.keeping.store import Store

FEED_POSITION = "feed-position"
"""The sequence up to which nothing is missing."""


def decide_held(connection: sqlite3.Connection) -> None:
    """Gives held records the verdict that was decided on them."""
    connection.execute(
        "UPDATE records SET reason = 'decided',"
        " state = (SELECT verdict FROM decisions WHERE decisions.record_id = records.record_id)"
        " WHERE record_id IN (SELECT record_id FROM decisions) AND (state = 'held' OR reason = 'decided')"
    )


class Inbox:
    """Receives events from both ways, deliveries and the feed."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def accept(self, event: Mapping[str, Any]) -> bool:
        """Stores an event with its effect in one transaction; False for a known one (EVT-002, EVT-003)."""
        with self.store.changing() as connection:
            body = json.dumps(event, ensure_ascii=False, default=str)
            row = (event["id"], event["sequence"], event["type"], body)
            if connection.execute("INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?)", row).rowcount == 0:
                return False
            self.apply(connection, event)
            self._advance()
        return True

    def apply(self, connection: sqlite3.Connection, event: Mapping[str, Any]) -> None:
        """Gives an event its effect; a type that is not known has none (EVT-006)."""
        kind = str(event["type"]).removeprefix(event_prefix())
        if kind.startswith("link."):
            self.apply_link(connection, event)
        if kind == "record.decided.v1":
            self.apply_decision(connection, event)

    def apply_link(self, connection: sqlite3.Connection, event: Mapping[str, Any]) -> None:
        """Notes a link's change under its sequence, from when it takes effect (LNK-003, EVT-004)."""
        data = event["data"]
        connection.execute(
            "INSERT OR IGNORE INTO link_changes VALUES (?, ?, ?, ?)",
            (data["link_id"], event["sequence"], data["status"], data["effective_at"]),
        )

    def apply_decision(self, connection: sqlite3.Connection, event: Mapping[str, Any]) -> None:
        """Notes the verdict on a held record; it may be told before the batch is answered (WRT-005)."""
        data = event["data"]
        connection.execute(
            "INSERT INTO decisions VALUES (?, ?, ?) ON CONFLICT (record_id) DO UPDATE SET"
            " sequence = excluded.sequence, verdict = excluded.verdict WHERE excluded.sequence > sequence",
            (data["record_id"], event["sequence"], data["verdict"]),
        )
        decide_held(connection)

    def gap(self) -> bool:
        """Whether an event is missing before the newest one (EVT-005)."""
        (newest,) = self.store.rows("SELECT max(sequence) AS newest FROM events")
        return (newest["newest"] or 0) > self.position()

    def position(self) -> int:
        """The sequence up to which nothing is missing."""
        return int(self.store.get(FEED_POSITION) or 0)

    def caught_up(self, position: int) -> None:
        """Notes how far the feed was read; the feed is the source of truth."""
        with self.store.changing():
            self.store.put(FEED_POSITION, str(max(position, self.position())))
            self._advance()

    def replace_links(self, links: Sequence[Link]) -> None:
        """Keeps the platform's list in place of the former one."""
        with self.store.changing() as connection:
            connection.execute("DELETE FROM links")
            connection.executemany(
                "INSERT OR REPLACE INTO links VALUES (?, ?, ?, ?, ?)", map(_link_row, links)
            )

    def links(self) -> LinkBook:
        """The links with all their known changes."""
        links = [_link(row) for row in self.store.rows("SELECT * FROM links")]
        changes = self.store.rows("SELECT * FROM link_changes")
        return link_book(links, [_change(row) for row in changes])

    def _advance(self) -> None:
        position = self.position()
        following = "SELECT DISTINCT sequence FROM events WHERE sequence > ? ORDER BY sequence"
        for row in self.store.rows(following, position):
            if row["sequence"] != position + 1:
                break
            position += 1
        self.store.put(FEED_POSITION, str(position))


def _link_row(link: Link) -> tuple[Any, ...]:
    ends = link.valid_to.isoformat() if link.valid_to else None
    return link.link_id, link.status, link.valid_from.isoformat(), ends, link.sequence


def _link(row: sqlite3.Row) -> Link:
    ends = datetime.fromisoformat(row["valid_to"]) if row["valid_to"] else None
    begins = datetime.fromisoformat(row["valid_from"])
    return Link(row["link_id"], row["status"], begins, ends, row["sequence"])


def _change(row: sqlite3.Row) -> LinkChange:
    return LinkChange(row["link_id"], row["sequence"], row["status"], parse_instant(row["effective_at"]))
