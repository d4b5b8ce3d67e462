"""The write path: signed batches into a durable platform, beside a bare durable insert and beside Prism.

PostgreSQL is measured where its programs are installed, Prism where PRISM names its executable or `prism` is on
the path. Requests are made and signed beforehand: what is measured is the platform.
"""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from load import put_load
from measuring import median_seconds, row
from reporter import Reporter

from tanpuhui.spec.document import document
from tanpuhui.spec.strict_json import dump_json

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from platform_process import ANY, Process
from postgresql import Cluster, programs

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = (1, 100, 1000)
REQUESTS = {1: {1: 200, 100: 40, 1000: 12}, 16: {1: 640, 100: 160, 1000: 48}}
HEAD = "| {} | rate | p50 | p99 |\n|---|---|---|---|"


def starts(db: str) -> None:
    """From the command to a scenario's first token, and the memory held by then."""
    taken, held = [], 0.0
    for _ in range(5):
        begun = time.perf_counter()
        process = Process(db)
        Reporter(process.control_url)
        taken.append(time.perf_counter() - begun)
        held = peak(process.popen.pid)
        process.stop()
    print(f"start to first token {statistics.median(taken):.2f} s, {held:.0f} MB\n")


def platform(db: str, *options: str) -> None:
    """The table of one store."""
    name = "PostgreSQL" if db.startswith("postgresql") else "SQLite"
    process = Process(db, *ANY, *options)
    reporter = Reporter(process.control_url)
    put_load(reporter.base, reporter.requests(4, 1000), 1)
    print(HEAD.format(f"{name} {' '.join(options)}, records a batch, connections"))
    for connections, size in itertools.product(REQUESTS, SIZES):
        requests = reporter.requests(REQUESTS[connections][size], size)
        print(put_load(reporter.base, requests, connections).row(f"{size}, {connections}", size))
    print(f"\npeak memory {peak(process.popen.pid):.0f} MB\n")
    process.stop()


def peak(pid: int) -> float:
    """The most memory that a process and its workers held, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    children = [
        int(each)
        for listed in Path(f"/proc/{pid}/task").glob("*/children")
        for each in listed.read_text().split()
    ]
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024 + sum(map(peak, children))


def bare(folder: Path, cluster: Cluster | None) -> None:
    """The same rows with nothing around them: one durable commit a batch."""
    print("| bare durable insert, rows | median | rate |\n|---|---|---|")
    numbers = itertools.count()
    with closing(sqlite3.connect(folder / "bare.db")) as lite:
        lite.execute("PRAGMA journal_mode=WAL")
        lite.execute("PRAGMA synchronous=FULL")
        lite.execute("CREATE TABLE r (id TEXT PRIMARY KEY, body BLOB)")
        for size in SIZES:
            row(f"SQLite, {size}", median_seconds(lambda size=size: into_sqlite(lite, size, numbers)), size)
    if cluster is not None:
        with psycopg.connect(cluster.new_database()) as post:
            post.execute("CREATE TABLE r (id TEXT PRIMARY KEY, body BYTEA)")
            post.commit()
            for size in SIZES:
                taken = median_seconds(lambda size=size: into_postgresql(post, size, numbers))
                row(f"PostgreSQL, {size}", taken, size)
    print()


def into_sqlite(db: sqlite3.Connection, size: int, numbers: Iterator[int]) -> None:
    with db:
        db.executemany(
            "INSERT INTO r VALUES (?, ?)", [(f"{next(numbers):032d}", b"x" * 620) for _ in range(size)]
        )


def into_postgresql(db: psycopg.Connection[Any], size: int, numbers: Iterator[int]) -> None:
    ids = [f"{next(numbers):032d}" for _ in range(size)]
    db.execute("INSERT INTO r SELECT * FROM unnest(%s::text[], %s::bytea[])", (ids, [b"x" * 620] * size))
    db.commit()


def prism(folder: Path) -> None:
    """The same requests to Prism, which checks them against the same document and keeps nothing."""
    found = os.environ.get("PRISM") or shutil.which("prism")
    if not found:
        print("Prism is absent: set PRISM to its executable (npm install @stoplight/prism-cli)\n")
        return
    described = folder / "platform.json"
    described.write_bytes(dump_json(document("platform"), fractions=True))
    process = Process(str(folder / "signer.db"))  # only to sign against: Prism wants a token and a signature
    requests = Reporter(process.control_url)
    for options in (("-v", "silent"), ()):
        with prism_running(found, str(described), options) as base:
            put_load(base, requests.requests(4, 100), 1)
            print(
                HEAD.format(f"Prism {' '.join(options) or 'default logging'}, records a batch, connections")
            )
            for connections, size in itertools.product(REQUESTS, SIZES):
                load = put_load(base, requests.requests(REQUESTS[connections][size], size), connections)
                print(load.row(f"{size}, {connections}", size))
            print()
    process.stop()


@contextmanager
def prism_running(found: str, described: str, options: tuple[str, ...]) -> Iterator[str]:
    with subprocess.Popen(
        [found, "mock", "-p", "4010", *options, described],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as running:
        base = "http://127.0.0.1:4010"
        begun = time.perf_counter()
        while not answering(f"{base}/jwks"):
            time.sleep(0.05)
        print(f"start to first answer {time.perf_counter() - begun:.2f} s")
        yield base
        print(f"\npeak memory {peak(running.pid):.0f} MB\n")
        running.terminate()


def answering(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def main() -> None:
    """Prints every table of one run."""
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        starts(str(folder / "starting.db"))
        cluster = opened.enter_context(Cluster()) if installed() else None
        bare(folder, cluster)
        platform(str(folder / "platform.db"))
        if cluster is not None:
            platform(cluster.new_database())
            platform(cluster.new_database(), "--workers", "2")
        prism(folder)


def installed() -> bool:
    try:
        programs()
    except RuntimeError as missing:
        print(missing)
        return False
    return True


if __name__ == "__main__":
    main()
