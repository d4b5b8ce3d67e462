"""How long a scene waits for the scenario: by the advertised times, and by how much it was given to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tanpuhui.conformance.driving.testbed import BY_UPLOADS

if TYPE_CHECKING:
    from tanpuhui.conformance.truth.expected import World
    from tanpuhui.spec.limits import Times

_SPARE_SECONDS = 4.0
"""For what a loaded machine takes longer, on both sides."""

_MOST_JOBS, _JOB_SECONDS = 24, 1.0
"""A scenario may upload its records one by one; so many jobs are waited for, and so long beside their own waits."""

_MOST_CALLS, _CALL_SECONDS = 1200, 0.1
"""A scenario may make a call for each record and each device; so many are waited for."""


@dataclass(slots=True)
class Patience:
    """Grows with what was handed over; silence and endless work exhaust it."""

    records: int = 0
    calls: int = 0
    jobs: int = 0

    def given(self, world: World) -> None:
        """More to report."""
        self.records += len(world.due)
        self.calls += len(world.due) + 2 * len(world.devices)

    def asked(self, by: str | None) -> None:
        """Reporting starts."""
        self.jobs = self.records if by == BY_UPLOADS else 0

    def longest(self, times: Times) -> float:
        """The seconds that all of it may take."""
        waits = _SPARE_SECONDS + 2 * times.request_timeout_seconds + 10 * times.retry_max_seconds
        jobs = min(self.jobs, _MOST_JOBS) * (times.job_poll_seconds + _JOB_SECONDS)
        return float(waits + min(self.calls, _MOST_CALLS) * _CALL_SECONDS + jobs)

    def silence(self, times: Times) -> float:
        """The seconds without any exchange after which nothing more will come."""
        return float(_SPARE_SECONDS / 2 + times.request_timeout_seconds + times.retry_max_seconds)
