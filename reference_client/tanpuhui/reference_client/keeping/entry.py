"""What the outbox holds: activities, records in their states, and the batches that they travel in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

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
class Composed:
    """What is new about an activity, and whether nothing more can come of it."""

    activity: Activity
    news: tuple[Entry, ...]
    done: bool


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
class FrozenUpload:
    """The file of an upload, the job that the platform made of it, and how many verdicts of it were taken."""

    file: str
    digest: str
    coding: str | None
    job_id: str | None = None
    taken: int = 0


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """Frozen bytes under their key; they go out like this and no other way (CAL-002)."""

    batch: int
    idempotency_key: str
    body: bytes
    count: int
    failures: int
    not_before: datetime | None
    upload: FrozenUpload | None = None


def activity_row(activity: Mapping[str, Any]) -> tuple[str, str, str]:
    """An activity as it is stored: its id, its scheme and all of it as JSON."""
    return activity["activity_id"], activity["scheme"], json.dumps(activity, default=str)
