"""Kills the platform again and again while scenarios report; at the end every acknowledged record counts once.

python benchmarks/crash_loop.py sqlite --kills 200
python benchmarks/crash_loop.py postgresql --kills 200 --server-kills 5
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenancy import example, moved_in

from tanpuhui.mock_platform.serving import PlatformServer
from tanpuhui.reference_client.calling.errors import Unanswered
from tanpuhui.reference_client.client import Identity, ScenarioClient, operations_of
from tanpuhui.spec.accounting import account, accounts_text
from tanpuhui.spec.signing import SigningKey

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from postgresql import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection

_FORK = multiprocessing.get_context("forkserver")
CLIENTS, LARGEST_BATCH = 4, 20
LONGEST_PAUSE = 0.05
LONGEST_LIFE = 1.0


def serve(db: str, ports: tuple[int, int], ready: Connection) -> None:
    """One life of the platform; it ends by being killed."""
    with PlatformServer(db, *ports) as platform:
        ready.send((platform.url, platform.control_url))
        threading.Event().wait()


@dataclass
class Platform:
    """The platform's lives, one after the other, on the same database and ports."""

    db: str
    ports: tuple[int, int] = (0, 0)
    control_url: str = ""

    def live(self) -> None:
        here, there = _FORK.Pipe()
        self.process = _FORK.Process(target=serve, args=(self.db, self.ports, there), daemon=True)
        self.process.start()
        there.close()
        url, self.control_url = here.recv()
        self.ports = tuple(int(each.rsplit(":", 1)[1]) for each in (url, self.control_url))  # type: ignore[assignment]

    def die(self) -> None:
        self.process.kill()
        self.process.join()


@dataclass
class Book:
    """What was acknowledged: the first verdict on each record, and how much it reduces."""

    first: dict[str, str] = field(default_factory=dict)
    reduction: Decimal = Decimal(0)
    answered: Counter[str] = field(default_factory=Counter)
    batches: int = 0
    repeats: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, records: Sequence[dict[str, Any]], verdicts: Sequence[Any], attempts: int) -> None:
        with self.lock:
            self.batches += 1
            self.repeats += attempts - 1
            for record, verdict in zip(records, verdicts, strict=True):
                assert verdict.record_id == record["record_id"]
                self.answered[verdict.verdict] += 1
                if record["record_id"] not in self.first:
                    self.first[record["record_id"]] = verdict.verdict
                    self.reduction += Decimal(record["reduction_kg"]) if verdict.verdict == "accepted" else 0


def new_records(rng: random.Random, earlier: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A batch: mostly new records, some wrong ones, some that were sent before."""
    made = []
    for _ in range(rng.randint(1, LARGEST_BATCH)):
        record = example("PV") | {"record_id": f"{uuid.UUID(int=rng.getrandbits(128))}"}
        record["activity"] = record["activity"] | {"generation_kwh": f"{rng.randint(1, 40_000) / 1000:.3f}"}
        record |= accounts_text(account(record))
        made.append(record | {"reduction_kg": "999999.000000"} if rng.random() < 0.05 else record)
    return made + rng.sample(earlier, min(len(earlier), rng.randint(0, 2)))


def report(identity: Identity, book: Book, seed: int, over: threading.Event) -> None:
    """One scenario process: batch after batch, each repeated under its key until it has its answer."""
    rng, sent = random.Random(seed), list[dict[str, Any]]()
    pauses = 0

    def wait(seconds: float) -> None:
        nonlocal pauses
        pauses += 1
        time.sleep(min(seconds, LONGEST_PAUSE))

    with ScenarioClient(operations_of(identity), wait=wait) as client:
        while not over.is_set():
            records, key, pauses = new_records(rng, sent), uuid.UUID(int=rng.getrandbits(128)).hex, 0
            verdicts = acknowledged(client, records, key)
            book.note(records, verdicts, pauses + 1)
            sent = (sent + records)[-200:]


def acknowledged(client: ScenarioClient, records: list[dict[str, Any]], key: str) -> Sequence[Any]:
    while True:
        try:
            return client.submit_batch(records, idempotency_key=key).answer.verdicts
        except Unanswered:
            time.sleep(LONGEST_PAUSE)


def state(control_url: str, tenant: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{control_url}/tenants/{tenant}/state") as answer:
        return dict(json.load(answer))


def compare(book: Book, found: dict[str, Any]) -> list[str]:
    """Every difference between what was acknowledged and what is there."""
    kept = Counter(book.first.values())
    due = {
        "records": {word: kept[word] for word in ("accepted", "held", "rejected")},
        "answered": {word: book.answered[word] for word in ("accepted", "duplicate", "held", "rejected")},
        "reduction_kg": f"{book.reduction:.6f}",
    }
    return [f"{name}: {found[name]} instead of {due[name]}" for name in due if found[name] != due[name]]


def lives(platform: Platform, kills: int, rng: random.Random) -> Iterator[int]:
    """Life after life, each ended at a random moment."""
    for number in range(kills):
        time.sleep(rng.uniform(0, LONGEST_LIFE))
        platform.die()
        yield number
        platform.live()


def loop(platform: Platform, cluster: Cluster | None, kills: int, server_kills: int, seed: int) -> list[str]:
    """Kill and report, then compare; the differences."""
    rng, book, over, key = random.Random(seed), Book(), threading.Event(), SigningKey.generate()
    platform.live()
    discovery = moved_in(platform.control_url, key, [example("PV")], {})
    identity = Identity(discovery, "cli-1", key)
    every, begun = max(1, kills // (server_kills + 1)), time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as clients:
        reporting = [clients.submit(report, identity, book, seed + n, over) for n in range(CLIENTS)]
        for number in lives(platform, kills, rng):
            if cluster is not None and number % every == every - 1 and number // every < server_kills:
                platform.live()
                time.sleep(rng.uniform(0, LONGEST_LIFE))
                cluster.kill()
                time.sleep(rng.uniform(0, LONGEST_LIFE))  # the platform answers what it can without its store
                platform.die()
                cluster.start()
        over.set()
        for each in reporting:
            each.result()
    found = state(platform.control_url, discovery.split("/t/")[1].split("/")[0])
    platform.die()
    differences = compare(book, found)
    print(
        f"{kills} kills of the platform, {server_kills if cluster else 0} of PostgreSQL, "
        f"{time.monotonic() - begun:.0f} s: {book.batches} batches acknowledged, {book.repeats} waits before a "
        f"repeat, {len(book.first)} records, {dict(book.answered)}, reduction {found['reduction_kg']} kg, "
        f"{len(differences)} differences"
    )
    return differences


def main() -> None:
    """Runs the loop on one store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", choices=("sqlite", "postgresql"))
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--server-kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    _FORK.set_forkserver_preload(["tanpuhui.mock_platform.serving"])
    with ExitStack() as opened:
        folder = opened.enter_context(tempfile.TemporaryDirectory())
        cluster = opened.enter_context(Cluster()) if chosen.store == "postgresql" else None
        db = str(Path(folder) / "platform.db") if cluster is None else cluster.new_database()
        differences = loop(Platform(db), cluster, chosen.kills, chosen.server_kills, chosen.seed)
    for difference in differences:
        print(difference)
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
