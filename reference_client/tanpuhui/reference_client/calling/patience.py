"""When to send again and when never: back-off, Retry-After, permanent refusals (CAL-003 … CAL-007)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tanpuhui.reference_client.calling.problem import Problem
    from tanpuhui.spec.limits import Times
    from tanpuhui.spec.message import HttpResponse

_SECONDS = re.compile(r"[0-9]{1,9}")
_DOUBLINGS = 32
_CALLER_ERRORS = range(400, 500)
_PATIENT_STATUSES = {408, 425, 429}


class Patience:
    """The scenario's patience; each method is one decision of it."""

    def __init__(self, share: Callable[[], float]) -> None:
        self._share = share

    def next_delay(self, failures: int, times: Times, retry_after: float | None) -> float:
        """Seconds to wait after so many failures: as asked, or else by the advertised curve (CAL-007)."""
        if retry_after is not None:
            return max(retry_after, times.retry_first_seconds)
        doubled: float = times.retry_first_seconds * 2 ** min(failures - 1, _DOUBLINGS)
        return min(doubled, times.retry_max_seconds) * self.jitter(times)

    def jitter(self, times: Times) -> float:
        """Only ever later, by no more than advertised, so that many scenarios do not come back at once."""
        return 1 + self._share() * times.retry_jitter_percent / 100

    def retry_after(self, answer: HttpResponse | None, now: datetime) -> float | None:
        """Seconds that the answer asks to wait, in either form of the field (CAL-004)."""
        values = answer.header_values("retry-after") if answer is not None else ()
        if answer is None or len(values) != 1:
            return None
        if _SECONDS.fullmatch(values[0].strip()):
            return float(values[0])
        until = _http_date(values[0])
        if until is None:
            return None
        answered = next(iter(answer.header_values("date")), "")
        return max((until - (_http_date(answered) or now)).total_seconds(), 0.0)

    def is_permanent(self, problem: Problem) -> bool:
        """Whether the same request could never succeed."""
        if problem.kind is not None:
            return not problem.kind.retryable
        return problem.status in _CALLER_ERRORS and problem.status not in _PATIENT_STATUSES


def _http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
