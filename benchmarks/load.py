"""Load on an HTTP server: requests made beforehand, sent over so many connections, every answer timed."""

from __future__ import annotations

import http.client
import statistics
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tanpuhui.spec.message import HttpRequest

_NO_REQUEST = 0.0


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: the wall time of it all and the seconds of each answer."""

    seconds: float
    answers: tuple[float, ...]

    def row(self, what: str, records: int) -> str:
        """A line of the table: rate, median and 99th percentile."""
        rate = len(self.answers) * records / self.seconds
        milliseconds = sorted(1000 * each for each in self.answers)
        worst = milliseconds[min(len(milliseconds) - 1, round(0.99 * len(milliseconds)))]
        return f"| {what} | {rate:,.0f} /s | {statistics.median(milliseconds):.1f} ms | {worst:.1f} ms |"


def put_load(base: str, requests: Sequence[HttpRequest], connections: int) -> Load:
    """Send every request once; an answer that is not 2xx ends the measurement."""
    waiting, parts = deque(requests), urlsplit(base)

    def send(_: int) -> list[float]:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        taken = []
        while waiting:
            try:
                request = waiting.popleft()
            except IndexError:
                break
            taken.append(_sent(connection, request, parts.path))
        connection.close()
        return taken

    begun = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        answers = [each for taken in pool.map(send, range(connections)) for each in taken]
    return Load(time.perf_counter() - begun, tuple(answers))


def _sent(connection: http.client.HTTPConnection, request: HttpRequest, prefix: str) -> float:
    path = prefix + request.url[request.url.index("/v1/") :]
    begun = time.perf_counter()
    connection.request(request.method, path, request.body, dict(request.headers))
    answer = connection.getresponse()
    content = answer.read()
    if answer.status // 100 != 2:
        raise RuntimeError(f"{answer.status}: {content[:500]!r}")
    return time.perf_counter() - begun
