"""Bulk uploads end to end, from the file to the end of the job: time, processor time, and the platform's most memory.

python benchmarks/bench_uploads.py [records …]
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import IO, Any

import zstandard
from tenancy import example, moved_in

from tanpuhui.reference_client.calling.steps import FrozenFile
from tanpuhui.reference_client.client import Identity, ScenarioClient, operations_of
from tanpuhui.spec.signing import SigningKey

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from platform_process import Process
from postgresql import Cluster

SIZES = (100_000, 1_000_000)
RIDE = example("BIKE")


def written(path: Path, coding: str, records: int) -> None:
    """A file of so many rides that differ in their ids."""
    before, after = json.dumps(RIDE, ensure_ascii=False).split(RIDE["record_id"])
    with path.open("wb") as file, _packed(file, coding) as packed:
        for _ in range(records):
            packed.write(f"{before}{uuid.uuid4()}{after}\n".encode())


def _packed(file: IO[bytes], coding: str) -> Any:
    return (
        zstandard.ZstdCompressor().stream_writer(file)
        if coding == "zstd"
        else gzip.GzipFile(fileobj=file, mode="wb")
    )


def used(pid: int) -> tuple[float, float]:
    """Processor seconds and the most megabytes of a process so far."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    peak = int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1])
    ticks = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), peak * 1024 / 1e6


def uploaded(client: ScenarioClient, file: FrozenFile) -> tuple[float, float]:
    """Seconds until the answer 202 and until the end of the job; every record must be accepted."""
    begun = time.perf_counter()
    job = client.submit_upload(file, idempotency_key=uuid.uuid4().hex).job
    answered = time.perf_counter()
    while not job.finished:
        time.sleep(0.2)
        job = client.job(job.job_id).job
    assert (job.state, job.totals.accepted) == ("succeeded", job.totals.submitted), job
    return answered - begun, time.perf_counter() - begun


def measure(db: str, path: Path, coding: str, records: int) -> None:
    """One row, on a platform of its own."""
    process, key = Process(db), SigningKey.generate()
    found, pid = moved_in(process.control_url, key, [RIDE], {}), process.popen.pid
    with ScenarioClient(operations_of(Identity(found, "cli-1", key))) as client:
        before = used(pid)
        answered, ended = uploaded(client, FrozenFile.of(path, coding))
        processor, memory = (now - then for now, then in zip(used(pid), before, strict=True))
    process.stop()
    size, rates = path.stat().st_size / 1e6, (records / ended, records / processor)
    store = "PostgreSQL" if db.startswith("postgresql") else "SQLite"
    print(
        f"| {store}, {records:,} {coding} | {size:.1f} MB | {answered:.2f} s | {ended:.1f} s | {rates[0]:,.0f} /s "
        f"| {rates[1]:,.0f} /s | {memory:.0f} MB |",
        flush=True,
    )


def main() -> None:
    """Prints the table."""
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    print("| upload | sent | 202 | job ended | rate | per processor second | memory gained |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as kept, Cluster() as cluster:
        folder = Path(kept)
        for records, coding in itertools.product(sizes, ("gzip", "zstd")):
            path = folder / f"{records}.{coding}"
            written(path, coding, records)
            for db in (str(folder / f"{path.name}.db"), cluster.new_database()):
                measure(db, path, coding, records)


if __name__ == "__main__":
    main()
