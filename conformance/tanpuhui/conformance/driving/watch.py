"""Waiting without sleeping: the platform's journal is read as it grows, and read into the transcript on the way."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.instrument import TenantControl
    from tanpuhui.conformance.recording.recorder import Recorder

JournalEntry = Mapping[str, Any]
_LONGEST_WAIT_SECONDS = 1.0
_MOST_PAGES = 200


@dataclass(slots=True)
class Watch:
    """Reads one tenant's journal from its beginning, each entry once."""

    tenant: TenantControl
    recorder: Recorder
    monotonic: Callable[[], float]
    after: int = 0
    entries: list[JournalEntry] = field(default_factory=list)

    def read(self, wait_seconds: float = 0) -> Sequence[JournalEntry]:
        """What is new; with a wait, the call returns with the next entry or when the wait is over."""
        entries, self.after = self.tenant.journal(self.after, wait_seconds)
        self.recorder.journal(entries)
        self.entries.extend(entries)
        return entries

    def read_all(self) -> None:
        """Everything that is new by now, page by page."""
        for _ in range(_MOST_PAGES):
            if not self.read():
                return

    def until(
        self, wanted: Callable[[JournalEntry], bool], within_seconds: float, since: int | None = None
    ) -> JournalEntry | None:
        """The first wanted entry after the `since`-th (without other word: a new one), None if it does not come."""
        deadline = self.monotonic() + within_seconds
        candidates: Sequence[JournalEntry] = [] if since is None else self.entries[since:]
        while True:
            found = next((entry for entry in candidates if wanted(entry)), None)
            left = deadline - self.monotonic()
            if found is not None or left <= 0:
                return found
            candidates = self.read(min(left, _LONGEST_WAIT_SECONDS))


def broke(entry: JournalEntry) -> bool:
    """The platform itself failed: nothing that the scenario did after that may be held against it."""
    if entry["kind"] != "exchange" or entry["direction"] != "inbound" or not entry["response"]:
        return False
    return bool(entry["response"]["status"] == HTTPStatus.INTERNAL_SERVER_ERROR and not entry["fault"])


def delivers(entry: JournalEntry, event_id: str) -> bool:
    """The entry is a delivery of that event."""
    if entry["kind"] != "exchange" or entry["operation"] != "receiveEvent":
        return False
    return event_id.encode() in b64decode(entry["request"]["body_b64"])
