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
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from load import put_load
from reporter import Reporter, ordered_id, random_id

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from platform_process import Process
from postgresql import Cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from load import Load

NAMES = (
    "tenant, scenario_id, record_id, fingerprint, first_verdict, verdict, received_at, business_day,"
    " reduction_kg, content"
)
# a day whose quality report is not due yet
REST = "'0', 'accepted', 'accepted', 0, '2026-03-10', '1.000000'"
LITE = """
WITH RECURSIVE numbers(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < :end)
INSERT INTO records ({names}) SELECT :tenant, 'scn-1', {id} AS record_id, {rest}, CAST('{{}}' AS BLOB)
FROM numbers ORDER BY record_id
"""
POST = """
INSERT INTO records ({names}) SELECT %(tenant)s, 'scn-1', {id} AS record_id, {rest}, '{{}}'::bytea
FROM generate_series(%(first)s::bigint, %(end)s - 1) AS numbers(n) ORDER BY record_id
"""
IDS = {
    "time-ordered ids": ("printf('%032x', n)", "lpad(to_hex(n), 32, '0')", ordered_id),
    "random ids": ("lower(hex(randomblob(16)))", "md5(n::text || random()::text)", random_id),
}
BATCHES, SIZE = 12, 1000


def growth(store: str, db: str, kind: str, sizes: Sequence[int]) -> None:
    """One table: the same batches into an ever larger one."""
    *in_sql, new_id = IDS[kind]
    print(f"| rows already there, {store}, {kind} | rate | p50 | p99 |\n|---|---|---|---|")
    for before, there in pairwise((0, *sizes)):
        process = Process(db)
        reporter = Reporter(process.control_url)
        process.stop()  # the tenant stays, and the next life starts with what is in the table by then
        rows = {"tenant": reporter.base.rsplit("/", 1)[1], "first": before, "end": there}
        if there:
            fill(db, rows, in_sql[store == "PostgreSQL"])
        print(measured(Process(db, *process.ports), reporter, new_id).row(f"{there:,}", SIZE), flush=True)
    print()


def measured(process: Process, reporter: Reporter, new_id: Callable[[], str]) -> Load:
    """The batches after two that only warm up."""
    put_load(reporter.base, reporter.requests(2, SIZE, new_id), 1)
    load = put_load(reporter.base, reporter.requests(BATCHES, SIZE, new_id), 1)
    process.stop()
    return load


def fill(db: str, rows: dict[str, str | int], record_id: str) -> None:
    """Rows straight into the table."""
    if not db.startswith("postgresql"):
        with closing(sqlite3.connect(db)) as lite, lite:
            lite.execute(LITE.format(names=NAMES, id=record_id, rest=REST), rows)
        return
    with psycopg.connect(db) as post:
        post.execute(POST.format(names=NAMES, id=record_id, rest=REST), rows)


def main() -> None:
    """Every store and every kind of id."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int, nargs="*", default=[100_000])
    sizes = (0, *sorted(parser.parse_args().rows))
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        cluster = opened.enter_context(Cluster())
        for number, kind in enumerate(IDS):
            growth("SQLite", str(folder / f"{number}.db"), kind, sizes)
            growth("PostgreSQL", cluster.new_database(), kind, sizes)


if __name__ == "__main__":
    main()
