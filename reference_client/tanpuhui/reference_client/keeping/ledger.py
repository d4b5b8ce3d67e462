"""The business system's ledger of devices, and what of it was written to the platform under which key."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tanpuhui.reference_client.keeping.store import Store

DONE = "done"


@dataclass(frozen=True, slots=True)
class DeviceWrite:
    """One write about a device: its key, and what became of it (done, or the problem it was refused for)."""

    content: str
    idempotency_key: str
    outcome: str | None

    @property
    def refused(self) -> bool:
        """Whether the same content was refused for good (CAL-005)."""
        return self.outcome not in {None, DONE}


class Ledger:
    """Devices with their calibrations and states, as the business system holds them."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def load(self, devices: Iterable[Mapping[str, Any]]) -> None:
        """Takes devices in; the later entry of a device counts."""
        rows = [(device["device_id"], json.dumps(device, default=str)) for device in devices]
        with self.store.changing() as connection:
            connection.executemany("INSERT OR REPLACE INTO devices VALUES (?, ?)", rows)

    def devices(self) -> Sequence[Mapping[str, Any]]:
        """Every device."""
        return [json.loads(row["body"]) for row in self.store.rows("SELECT body FROM devices")]

    def write(self, name: str, body: bytes, new_key: str) -> DeviceWrite:
        """The write of that content; its key is stored before the first sending (CAL-002)."""
        content = hashlib.sha256(name.encode() + b"\0" + body).hexdigest()
        with self.store.changing() as connection:
            connection.execute("INSERT OR IGNORE INTO device_writes VALUES (?, ?, NULL)", (content, new_key))
            (row,) = self.store.rows("SELECT * FROM device_writes WHERE content = ?", content)
        return DeviceWrite(row["content"], row["idempotency_key"], row["outcome"])

    def settle(self, write: DeviceWrite, outcome: str) -> None:
        """Notes what became of a write."""
        with self.store.changing() as connection:
            connection.execute(
                "UPDATE device_writes SET outcome = ? WHERE content = ?", (outcome, write.content)
            )
