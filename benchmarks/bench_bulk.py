"""Rides from the business system to their verdicts, by upload: how long the scenario takes, and how much memory.

python benchmarks/bench_bulk.py [records]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenancy import NOW, example, moved_in

from tanpuhui.reference_client.calling.notices import Judging
from tanpuhui.reference_client.scenario import Identity, Scenario, Setup, Surroundings
from tanpuhui.reference_client.sending.reporting import BY_UPLOADS
from tanpuhui.spec.signing import SigningKey

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from platform_process import Process

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tanpuhui.reference_client.calling.notices import Notice

RIDE = example("BIKE")
RIDES = 1_000_000
SPAN = timedelta(days=28)
END = datetime.fromisoformat(NOW).astimezone(UTC) - timedelta(days=1)


def rides(count: int) -> Iterator[dict[str, Any]]:
    """Rides of many vehicles, spread evenly over four weeks."""
    for number in range(count):
        seconds = 420 + number % 900
        start = (END - SPAN * (number / count)).replace(microsecond=0, tzinfo=None)
        yield {
            "activity_id": f"ride-{number}",
            "scheme": "BIKE",
            "link_id": RIDE["link_id"],
            "district_code": "310115",
            "device_id": f"dev-bike-{number % 50_000}",
            "start": f"{start.isoformat()}Z",
            "end": f"{(start + timedelta(seconds=seconds)).isoformat()}Z",
            "distance_m": 4 * seconds,
            "propulsion": "human",
            "energy_wh": None,
        }


class Stages:
    """Prints a row whenever the scenario has come a stage further."""

    def __init__(self, count: int) -> None:
        self.count, self.begun = count, time.perf_counter()
        self._last = ""

    def row(self, what: str) -> None:
        seconds = time.perf_counter() - self.begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"| {what} | {seconds:.1f} s | {self.count / seconds:,.0f} /s | {peak:.0f} MB |", flush=True)

    def notice(self, notice: Notice) -> None:
        name = "getJob" if isinstance(notice, Judging) else notice.call.operation
        if name != self._last and name in {"submitUpload", "getJob", "listJobResults"}:
            self._last = name
            self.row(f"until {name}")


def report(folder: Path, discovery_url: str, key: SigningKey, count: int) -> None:
    """Loads, composes, uploads, follows and settles; every record must be accepted."""
    stages = Stages(count)
    around = Surroundings(notify=stages.notice)
    with Scenario(str(folder / "outbox.db"), key=key, around=around) as scenario:
        scenario.connect(Setup(Identity(discovery_url, "cli-1", key), "scn-1"))
        scenario.load(rides(count))
        stages.row("loaded")
        scenario.report(BY_UPLOADS)
        while not scenario.wait_idle(60):
            pass
        assert scenario.status().records["accepted"] == count, (scenario.status(), scenario.session)
    stages.row("settled")


def main() -> None:
    """A durable platform in a process of its own; the scenario is this one."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else RIDES
    print(f"| {count:,} rides | since the beginning | rate | peak memory |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        folder, key = Path(place), SigningKey.generate()
        process = Process(str(folder / "platform.db"))
        report(folder, moved_in(process.control_url, key, [RIDE], {}), key, count)
        process.stop()


if __name__ == "__main__":
    main()
