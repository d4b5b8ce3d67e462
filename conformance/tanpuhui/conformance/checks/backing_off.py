"""第 8 章 退避 / Clause 8, back-off: delays no shorter than the advertised curve."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.check import check
from tanpuhui.conformance.checks.saying import saw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tanpuhui.conformance.evidence import Evidence
    from tanpuhui.conformance.exchange import Exchange
    from tanpuhui.conformance.submission import Submission
    from tanpuhui.conformance.verdict import Observation
    from tanpuhui.spec.limits import Times

TOLERANCE = timedelta(milliseconds=5)


@check("CAL-007", "backs-off", scenes=("back_off",))
def backs_off(evidence: Evidence) -> Iterator[Observation]:
    """没有 Retry-After 时按公布的曲线退避 / Without Retry-After, backs off by the advertised curve."""
    for scene in evidence.scenes:
        for submission in scene.submissions if scene.stand else ():
            if scene.stand is not None:
                yield from _delays(submission, scene.stand.times)


def _delays(submission: Submission, times: Times) -> Iterator[Observation]:
    pairs = zip(submission.attempts, submission.attempts[1:], strict=False)
    for number, (failed, again) in enumerate(pairs, start=1):
        if not _advised_nothing(failed) or failed.answered_at is None:
            continue
        least = shortest_delay(number, times)
        waited = again.at - failed.answered_at
        yield saw(
            f"第 {number} 次重发前至少等 {least.total_seconds():.3f} 秒 / at least {least.total_seconds():.3f} s before retry {number}",
            f"等了 {waited.total_seconds():.3f} 秒 / waited {waited.total_seconds():.3f} s",
            ok=waited >= least - TOLERANCE,
            at=again.seq,
        )


def shortest_delay(number: int, times: Times) -> timedelta:
    """The least that the curve of CAL-007 allows before retry `number`, which counts from one."""
    full = min(times.retry_first_seconds * 2 ** (number - 1), times.retry_max_seconds)
    return timedelta(seconds=full * (1 - times.retry_jitter_percent / 100))


def _advised_nothing(failed: Exchange) -> bool:
    return (
        failed.refused
        and not failed.slow
        and failed.retryable
        and not (failed.response and failed.response.header_values("retry-after"))
    )
