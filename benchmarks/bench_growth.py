"""What a batch of 1 000 costs as the table grows, with ids in the order of time and with random ones.

python benchmarks/bench_growth.py [ROWS …]

The rows before are put straight into the table, in the order of their ids, so that it takes minutes and not hours.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from load import put_load
from reporter import Reporter, ordered_id, random_id

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from platform_process import Process
from postgresql import Cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from load import Load

NAMES = (
    "tenant", "scenario_id", "record_id", "fingerprint", "first_verdict", "verdict", "received_at",
    "business_day", "reduction_kg", "content",
)  # fmt: skip
KINDS = ("text",) * 6 + ("int8", "text", "text", "bytea")
# a day whose quality report is not due yet
SAMPLE = ("0" * 64, "accepted", "accepted", 0, "2026-03-10", "1.000000", b"{}")
BATCHES, SIZE = 12, 1000
INTO = f"records ({', '.join(NAMES)})"


def growth(name: str, db: str, sizes: Sequence[int], new_id: Callable[[], str]) -> None:
    """One table: the same batches into ever larger tables."""
    print(f"| rows already there, {name} | rate | p50 | p99 |\n|---|---|---|---|")
    before = 0
    for there in sizes:
        process = Process(db)
        reporter = Reporter(process.control_url)
        process.stop()  # the tenant stays, and the next life starts with what is in the table by then
        tenant = reporter.base.rsplit("/", 1)[1]
        fill(db, ((tenant, "scn-1", each, *SAMPLE) for each in sorted(ids(there - before, new_id))))
        before = there
        print(measured(Process(db, *process.ports), reporter, new_id).row(f"{there:,}", SIZE), flush=True)
    print()


def ids(count: int, new_id: Callable[[], str]) -> Iterator[str]:
    return (new_id() for _ in range(count))


def measured(process: Process, reporter: Reporter, new_id: Callable[[], str]) -> Load:
    """The batches after two that only warm up."""
    put_load(reporter.base, reporter.requests(2, SIZE, new_id), 1)
    load = put_load(reporter.base, reporter.requests(BATCHES, SIZE, new_id), 1)
    process.stop()
    return load


def fill(db: str, rows: Iterator[tuple[object, ...]]) -> None:
    """Rows straight into the table."""
    if not db.startswith("postgresql"):
        marks = ", ".join("?" * len(NAMES))
        with closing(sqlite3.connect(db)) as lite, lite:
            lite.executemany(f"INSERT INTO {INTO} VALUES ({marks})", rows)
        return
    with (
        psycopg.connect(db) as post,
        post.cursor() as cursor,
        cursor.copy(f"COPY {INTO} FROM STDIN (FORMAT BINARY)") as copying,
    ):
        copying.set_types(KINDS)
        for row in rows:
            copying.write_row(row)


def main() -> None:
    """Every store and every kind of id."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int, nargs="*", default=[100_000])
    sizes = (0, *sorted(parser.parse_args().rows))
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        cluster = opened.enter_context(Cluster())
        for name, new_id in (("time-ordered ids", ordered_id), ("random ids", random_id)):
            growth(f"SQLite, {name}", str(folder / f"{new_id.__name__}.db"), sizes, new_id)
            growth(f"PostgreSQL, {name}", cluster.new_database(), sizes, new_id)


if __name__ == "__main__":
    main()
