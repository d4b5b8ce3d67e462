"""The write path end to end: signed batches over loopback into a durable platform, beside a bare durable insert.

python benchmarks/bench_writing.py
"""

from __future__ import annotations

import itertools
import json
import sqlite3
import tempfile
import urllib.request
import uuid
from pathlib import Path
from typing import Any

from bench_law import records
from measuring import median_seconds, row

from tanpuhui.mock_platform.serving import PlatformServer
from tanpuhui.reference_client.client import Identity, ScenarioClient, operations_of
from tanpuhui.spec.signing import SigningKey

SIZES = (1, 100, 1000)
LINK = records()[0]["link_id"]
NOW = "2026-03-10T12:00:00+08:00"


def tenant(server: PlatformServer, key: SigningKey) -> str:
    """A tenant that takes the example records; answers its discovery address."""
    world = {
        "now": NOW,
        "limits": {"body_max_bytes": 8 << 20},
        "scenario": {
            "scenario_id": "scn-1",
            "client_id": "cli-1",
            "name": "bench",
            "schemes": ["PV", "BIKE"],
            "jwks": {"keys": [key.public_jwk()]},
        },
        "links": [
            {"link_id": LINK, "status": "active", "valid_from": "2020-01-01T00:00:00+08:00", "valid_to": None}
        ],
    }
    request = urllib.request.Request(
        f"{server.control_url}/tenants", json.dumps(world).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        return str(json.load(answer)["discovery_url"])


def submitting(client: ScenarioClient, sample: dict[str, Any], size: int) -> None:
    """One batch of new records, all of which must be accepted."""
    batch = [{**sample, "record_id": uuid.uuid4().hex} for _ in range(size)]
    done = client.submit_batch(batch, idempotency_key=uuid.uuid4().hex)
    assert {verdict.verdict for verdict in done.answer.verdicts} == {"accepted"}


def inserting(db: sqlite3.Connection, size: int, numbers: itertools.count[int]) -> None:
    """The same rows with nothing around them: one durable commit a batch."""
    with db:
        db.executemany(
            "INSERT INTO r VALUES (?, ?)", [(f"{next(numbers):032d}", "x" * 620) for _ in range(size)]
        )


def main() -> None:
    """Prints both tables of one run."""
    sample = records()[0]
    with tempfile.TemporaryDirectory() as folder:
        key = SigningKey.generate()
        print("| records per batch | median | rate |\n|---|---|---|")
        with (
            PlatformServer(db=str(Path(folder) / "platform.db")) as server,
            ScenarioClient(operations_of(Identity(tenant(server, key), "cli-1", key))) as client,
        ):
            for size in SIZES:
                row(
                    f"platform, {size}",
                    median_seconds(lambda size=size: submitting(client, sample, size)),
                    size,
                )
        db = sqlite3.connect(Path(folder) / "bare.db")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("CREATE TABLE r (id TEXT PRIMARY KEY, body TEXT)")
        numbers = itertools.count()
        for size in SIZES:
            row(f"bare insert, {size}", median_seconds(lambda size=size: inserting(db, size, numbers)), size)


if __name__ == "__main__":
    main()
