"""Uploads: batches whose bytes lie in a file, settled page by page by the job that the platform made of them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.errors import InvalidAnswer, Text
from tanpuhui.reference_client.calling.steps import FrozenFile
from tanpuhui.reference_client.keeping.entry import BATCHED, READY, REFUSED
from tanpuhui.reference_client.keeping.inbox import decide_held

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tanpuhui.reference_client.keeping.entry import FrozenUpload, OpenBatch, Settled
    from tanpuhui.reference_client.keeping.store import Store


@dataclass(frozen=True, slots=True)
class Stretch:
    """The records of an upload: all that are ready up to a position, but for a few."""

    last: int
    count: int
    left_out: Sequence[int] = ()


class Uploads:
    """Keeps files and their jobs; nothing is sent before it is on the disk."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def new_file(self, name: str) -> Path:
        """Where a new upload is written; what a crash left behind half-written is removed first."""
        folder = self.store.folder()
        kept = {row["file"] for row in self.store.rows("SELECT file FROM uploads")}
        for path in folder.iterdir():
            if path.name not in kept:
                path.unlink()
        return folder / name

    def frozen(self, upload: FrozenUpload) -> FrozenFile:
        """The file as it is sent."""
        return FrozenFile(self.store.folder() / upload.file, upload.digest, upload.coding)

    def freeze(self, file: FrozenFile, stretch: Stretch, idempotency_key: str) -> None:
        """Makes an upload of the records whose lines the file holds, fixed for good (CAL-002)."""
        _make_durable(file.path)
        with self.store.changing() as connection:
            made = connection.execute(
                "INSERT INTO batches (idempotency_key, body, count, state) VALUES (?, x'', ?, 'open')",
                (idempotency_key, stretch.count),
            ).lastrowid
            connection.execute(
                "INSERT INTO uploads (batch, file, digest, coding) VALUES (?, ?, ?, ?)",
                (made, file.path.name, file.digest, file.coding),
            )
            change = "UPDATE records SET state = ?, batch = ? WHERE "
            connection.execute(change + "state = ? AND position <= ?", (BATCHED, made, READY, stretch.last))
            connection.executemany(
                change + "position = ?", [(READY, None, position) for position in stretch.left_out]
            )

    def started(self, batch: OpenBatch, job_id: str) -> None:
        """Notes which job the platform made of it."""
        with self.store.changing() as connection:
            connection.execute("UPDATE uploads SET job_id = ? WHERE batch = ?", (job_id, batch.batch))

    def settle_page(self, batch: OpenBatch, settled: Sequence[Settled], taken: int) -> None:
        """Gives the next records of an upload their states; of its verdicts so many were taken then."""
        query = "SELECT position FROM records WHERE state = ? AND batch = ? ORDER BY position LIMIT ?"
        with self.store.changing() as connection:
            positions = self.store.rows(query, BATCHED, batch.batch, len(settled))
            if len(positions) < len(settled):
                raise InvalidAnswer(
                    Text("结论多于上传的记录", "there are more verdicts than records"), "WRT-013"
                )
            connection.executemany(
                "UPDATE records SET state = ?, reason = ?, detail = ? WHERE position = ?",
                [
                    (item.state, item.reason, item.detail, row["position"])
                    for row, item in zip(positions, settled, strict=True)
                ],
            )
            decide_held(connection)
            connection.execute("UPDATE uploads SET taken = ? WHERE batch = ?", (taken, batch.batch))

    def unjudged(self, batch: OpenBatch) -> int:
        """How many records of an upload have no verdict."""
        query = "SELECT count(*) AS n FROM records WHERE state = ? AND batch = ?"
        return int(self.store.rows(query, BATCHED, batch.batch)[0]["n"])

    def close(self, batch: OpenBatch, sent_again: Callable[[str], bool], problem: str | None) -> None:
        """Ends an upload; records in a state that is to be sent again come into the next one (WRT-012)."""
        with self.store.changing() as connection:
            states = self.store.rows("SELECT DISTINCT state FROM records WHERE batch = ?", batch.batch)
            connection.executemany(
                "UPDATE records SET state = ?, reason = NULL, detail = NULL, batch = NULL"
                " WHERE batch = ? AND state = ?",
                [(READY, batch.batch, row["state"]) for row in states if sent_again(row["state"])],
            )
            connection.execute(
                "UPDATE records SET state = ?, reason = ? WHERE batch = ? AND state = ?",
                (REFUSED, problem, batch.batch, BATCHED),
            )
            connection.execute(
                "UPDATE batches SET state = 'settled', problem = ? WHERE batch = ?", (problem, batch.batch)
            )


def _make_durable(path: Path) -> None:
    """Waits until the file and its name are on the disk."""
    for place in (path, path.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
