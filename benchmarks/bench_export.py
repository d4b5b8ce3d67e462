"""A large export from the command line: rows a second and most memory of a dry run, and of reporting it by uploads.

python benchmarks/bench_export.py [rows]
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
from tenancy import example, moved_in

from tanpuhui.spec.signing import SigningKey

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from platform_process import Process

SCENARIO = "from tanpuhui.reference_client.cli import scenario; scenario()"
ROWS = 1_000_000
HEADER = "交易号,闸机号,连通号,行政区划代码,进站车站,出站车站,进站时间,出站时间,里程(km),票卡介质\n"
MEDIA = ("qr", "nfc", "card")
FIRST = datetime.fromisoformat("2026-03-01T06:00:00+08:00")
WEEK_SECONDS = 8 * 86_400


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took from beginning to end."""

    seconds: float
    processor_seconds: float
    megabytes: float


def written(path: Path, rows: int, link_id: str) -> None:
    """So many journeys of a week."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for n in range(rows):
            start = FIRST + timedelta(seconds=n * 7 % WEEK_SECONDS)
            taken = 900 + n % 1200
            ends = f"{start:%Y-%m-%d %H:%M:%S},{start + timedelta(seconds=taken):%Y-%m-%d %H:%M:%S}"
            places = f"L{n % 17 + 1:02d}-S{n % 29 + 1:02d},L{n % 13 + 1:02d}-S{n % 31 + 40:02d}"
            file.write(
                f"T{n:09d},gate-{n % 300:04d},{link_id},310115,{places},{ends},{taken * 0.011:.3f},{MEDIA[n % 3]}\n"
            )


def run(folder: Path, *arguments: object) -> Cost:
    """One command to its end, as a process of its own."""
    begun = time.perf_counter()
    command = [sys.executable, "-c", SCENARIO, "report", *map(str, arguments)]
    log = os.open(folder / "output.txt", os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
    actions = [(os.POSIX_SPAWN_DUP2, log, stream) for stream in (1, 2)]
    child = os.posix_spawn(sys.executable, command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    os.close(log)
    assert os.waitstatus_to_exitcode(status) == 0, (folder / "output.txt").read_text(encoding="utf-8")
    processor = usage.ru_utime + usage.ru_stime
    return Cost(time.perf_counter() - begun, processor, usage.ru_maxrss * 1024 / 1e6)


def told(what: str, rows: int, cost: Cost) -> None:
    """One row of the table."""
    print(
        f"| {what} | {cost.seconds:.0f} s | {rows / cost.seconds:,.0f} /s "
        f"| {rows / cost.processor_seconds:,.0f} /s | {cost.megabytes:.0f} MB |",
        flush=True,
    )


def in_other_forms(file: Path) -> tuple[Path, ...]:
    """The same export as NDJSON and as Parquet."""
    formed = file.with_suffix(".ndjson"), file.with_suffix(".parquet")
    with duckdb.connect() as engine:
        for path, form in zip(formed, ("JSON", "PARQUET"), strict=True):
            engine.execute(f"COPY (FROM read_csv('{file}', all_varchar = true)) TO '{path}' (FORMAT {form})")
    return formed


def produced(path: Path, rows: int) -> None:
    """The power of one plant by the minute."""
    first = datetime.fromisoformat("2026-01-01T00:00:00+08:00")
    with path.open("w", encoding="utf-8") as file:
        file.write("采集时间,交流功率(kW)\n")
        for n in range(rows):
            at = first + timedelta(minutes=n)
            file.write(f"{at:%Y-%m-%d %H:%M:%S},{max(0, 5 - abs(at.hour - 12)) + n % 97 / 100:.3f}\n")


def looked_at(folder: Path, rows: int, file: Path) -> None:
    """Dry runs over every form, and over a series."""
    for path in (file, *in_other_forms(file)):
        told(f"{rows:,} RAIL rows, {path.suffix}, dry run", rows, run(folder, path, "--dry-run"))
    series = folder / "power.csv"
    produced(series, rows)
    plant = ("--capacity-kw", "6", "--grid-connected-on", "2025-05-01", "--dry-run")
    told(f"{rows:,} readings of a PV plant, .csv, dry run", rows, run(folder, series, *plant))


def reported(folder: Path, rows: int, file: Path) -> None:
    """The whole way by uploads, to a platform in a process of its own."""
    key = SigningKey.generate()
    (folder / "key.json").write_text(json.dumps(key.private_jwk()), encoding="utf-8")
    process = Process(str(folder / "platform.db"))
    found = moved_in(process.control_url, key, [example("RAIL")], {})
    named = ("--discovery-url", found, "--client-id", "cli-1", "--scenario-id", "scn-1")
    kept = ("--key", folder / "key.json", "--db", folder / "outbox.db")
    cost = run(folder, file, *named, *kept, "--by", "uploads", "--give-up", "0")
    process.stop()
    told(f"{rows:,} RAIL rows, reported by uploads", rows, cost)


def main() -> None:
    """Prints the table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    print("| export | whole | rate | per processor second | most memory |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written(folder / "journeys.csv", rows, example("RAIL")["link_id"])
        looked_at(folder, rows, folder / "journeys.csv")
        reported(folder, rows, folder / "journeys.csv")


if __name__ == "__main__":
    main()
