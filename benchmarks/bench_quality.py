"""What the quality rules cost in bulk: synthetic rail journeys, a bare scan against the row rules and all rules.

python benchmarks/bench_quality.py [RECORDS] [MEMORY]      (1 000 000 records and 1GB by default)
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb

from tanpuhui.conformance.quality.columnar import counted, opened
from tanpuhui.conformance.quality.gate import scheme_of
from tanpuhui.spec.limits import default_limits, default_times
from tanpuhui.spec.rule import row_rules
from tanpuhui.spec.set_rule import set_rules
from tanpuhui.spec.sql.bulk import Material, assess, rules_of, runnable, tally_rows
from tanpuhui.spec.sql.columns import record_types
from tanpuhui.spec.sql.dialect import DUCKDB, quoted
from tanpuhui.spec.sql.duck import DuckSession
from tanpuhui.spec.sql.laying import Layout
from tanpuhui.spec.sql.relation import CALIBRATIONS, LINKS, RECORDS, of_scheme

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEME = "RAIL"
RECEIVED = "TIMESTAMP '2026-03-02 04:00:00'"
MATERIAL = Material(default_times(), frozenset({"links", "calibrations"}), history=False)
GATED = 20_000
# One day of journeys: some last too long, some are counted wrongly, some come twice, some lack a link.
JOURNEYS = """
SELECT 'r' || lpad(CAST(i - CAST(i % 10007 = 5 AS BIGINT) AS VARCHAR), 20, '0') AS record_id,
    'RAIL' AS scheme, 'ILLUSTRATIVE-RAIL-2024' AS methodology, '2024.1' AS methodology_version,
    'rail-2024.1-a' AS parameter_set, 'lnk_' || lpad(CAST(who AS VARCHAR), 22, '0') AS link_id,
    '310' || lpad(CAST(here % 18 + 101 AS VARCHAR), 3, '0') AS district_code, 'EVENT' AS granularity,
    '2026-03-01' AS business_day, strftime(started, '%Y-%m-%dT%H:%M:%S+08:00') AS activity_start,
    strftime(started + to_seconds(lasting), '%Y-%m-%dT%H:%M:%S+08:00') AS activity_end,
    'gate-' || here AS device_id, 'N' AS device_state, 'TRANSACTION' AS data_source,
    CAST(CAST(metres AS DECIMAL(12, 0)) * 0.00009 AS DECIMAL(15, 6)) AS baseline_kg,
    CAST(CAST(metres AS DECIMAL(12, 0)) * 0.00003 AS DECIMAL(15, 6)) AS scenario_kg,
    CAST(CAST(metres + CAST(i % 5003 = 1 AS BIGINT) AS DECIMAL(12, 0)) * 0.00006 AS DECIMAL(15, 6)) AS reduction_kg,
    'S' || here AS entry_station, 'S' || there AS exit_station,
    CAST(CAST(metres AS DECIMAL(12, 0)) * 0.001 AS DECIMAL(7, 3)) AS distance_km,
    lasting + CAST(i % 1009 = 3 AS BIGINT) * 60 AS duration_s, 'qr' AS ticket_medium
FROM (
    SELECT i, hash(i) % (CAST($records AS BIGINT) // 2 + 1) AS who, hash(i + 1) % 400 AS here,
        (here + 1 + hash(i + 2) % 399) % 400 AS there, CAST(1000 + (here * 131 + there * 137) % 40000 AS BIGINT) AS metres,
        CAST(metres * 3600 // 35000 + 120 AS BIGINT) AS lasting,
        TIMESTAMP '2026-03-01 05:00:00' + to_seconds(CAST(hash(i + 3) % 60000 AS BIGINT)) AS started
    FROM range($records) AS n (i)
)
"""
REFERENCES = (
    (
        f"CREATE TABLE {LINKS} AS SELECT 'lnk_' || lpad(CAST(i AS VARCHAR), 22, '0') AS link_id,"
        " TIMESTAMP '2026-01-01' AS valid_from, CASE WHEN i % 997 = 0 THEN TIMESTAMP '2026-02-01' END AS valid_to"
        " FROM range({records} // 2 + 1) AS n (i)"
    ),
    f"CREATE TABLE {CALIBRATIONS} (device_id VARCHAR, valid_from TIMESTAMP, valid_to TIMESTAMP)",
)


def make(path: Path, records: int) -> None:
    written = JOURNEYS.replace("$records", str(records))
    duckdb.sql(f"COPY ({written}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")


def gate_lines(path: Path) -> None:
    """The strict gate alone, one process, without the engine."""
    rows = duckdb.sql(f"SELECT * FROM '{path}' LIMIT {GATED}")
    lines = []
    for row in rows.fetchall():
        flat = dict(zip(rows.columns, map(str, row), strict=True))
        activity = {name: flat.pop(name) for name in rows.columns[-5:]}
        activity["duration_s"] = int(activity["duration_s"])
        lines.append(json.dumps({**flat, "activity": activity}).encode())
    begun = time.perf_counter()
    sound = sum(scheme_of(line, default_limits()) == SCHEME for line in lines)
    print(f"| strict gate, NDJSON, one process ({sound:,} of {len(lines):,} sound) | "
          f"{time.perf_counter() - begun:.2f} s | | | {len(lines) / (time.perf_counter() - begun):,.0f} |")  # fmt: skip


def part(name: str, folder: Path, memory: str, records: int) -> None:
    """One measurement in this process, whose memory is nobody else's."""
    with DuckSession(folder, memory) as session:
        action = _actions(session, folder, records)[name]
        begun, before = time.perf_counter(), time.process_time()
        told = action()
        wall, cpu = time.perf_counter() - begun, time.process_time() - before
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"told": told, "wall": wall, "cpu": cpu, "megabytes": megabytes}))


def _actions(session: DuckSession, folder: Path, records: int) -> dict[str, Callable[[], str]]:
    return {
        "lay": lambda: _lay(session, folder, records),
        "scan": lambda: _scan(session),
        "rows": lambda: _rows(session),
        "all": lambda: _all(session),
    }


def _lay(session: DuckSession, folder: Path, records: int) -> str:
    count = counted(session, opened(session, folder / "journeys.parquet", 0, RECEIVED))
    unfit = [rule for rule in row_rules() if rule.severity == "reject"]
    session.lay(Layout({SCHEME: [count.sources[SCHEME]]}, MATERIAL.times, unfit=unfit))
    for statement in REFERENCES:
        session.run(statement.format(records=records))
    return f"{count.refused.lines if count.refused else 0} refused"


def _scan(session: DuckSession) -> str:
    """Decodes every column that the row rules read, and adds up what it holds."""
    sums = {"text": "sum(strlen({}))", "date": "max({})", "instant": "sum(epoch_us({}))"}
    texts = " ".join(f"{rule.when} {rule.expr}" for rule in rules_of(row_rules(), SCHEME))
    read = {name: of for name, of in record_types(SCHEME).items() if name in texts.replace("(", " ").split()}
    taken = ", ".join(sums.get(of.kind, "sum({})").format(quoted(name)) for name, of in read.items())
    session.run(f"SELECT {taken} FROM {of_scheme(RECORDS, SCHEME)}")
    return f"{len(read)} columns"


def _rows(session: DuckSession) -> str:
    rules = rules_of(row_rules(), SCHEME)
    found = tally_rows(session.run, DUCKDB, rules, SCHEME, MATERIAL.times)
    return f"{len(rules)} rules, {sum(tally.violations for tally in found.values()):,} violations"


def _all(session: DuckSession) -> str:
    found = assess(session.run, DUCKDB, MATERIAL)[SCHEME].rules
    kinds = sum(runnable(rule, MATERIAL) for rule in set_rules() if rule.id in found)
    return f"{len(found)} rules ({kinds} over sets), {sum(t.violations for t in found.values()):,} violations"


def main() -> None:
    """Prints the table."""
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    memory = sys.argv[2] if len(sys.argv) > 2 else "1GB"
    with TemporaryDirectory(prefix="tph-bench-") as name:
        path = Path(name) / "journeys.parquet"
        make(path, records)
        print(
            f"{records:,} records, {path.stat().st_size / 1e6:,.0f} MB Parquet, memory {memory}, {datetime.now(UTC):%F}"
        )
        print("| what | wall | CPU | peak memory | records a second |\n|---|---|---|---|---|")
        labels = {
            "lay": "gate and types, Parquet",
            "scan": "bare scan",
            "rows": "row rules",
            "all": "all rules",
        }
        for key, label in labels.items():
            command = [sys.executable, __file__, "--part", key, name, memory, str(records)]
            done = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            print(f"| {label} ({done['told']}) | {done['wall']:.2f} s | {done['cpu']:.1f} s "
                  f"| {done['megabytes']:,.0f} MB | {records / done['wall']:,.0f} |")  # fmt: skip
        gate_lines(path)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--part"]:
        part(sys.argv[2], Path(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
    else:
        main()
