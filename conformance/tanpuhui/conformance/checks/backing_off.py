"""第 8 章 退避 / Clause 8, back-off: delays no shorter than the advertised curve."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.check import check
from tanpuhui.conformance.checks.saying import saw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.recording.exchange import Exchange
    from tanpuhui.conformance.recording.write import Write
    from tanpuhui.conformance.verdict import Observation
    from tanpuhui.spec.limits import Times

TOLERANCE = timedelta(milliseconds=5)


@check("CAL-007", "backs-off", scenes=("back_off",))
def backs_off(evidence: Evidence) -> Iterator[Observation]:
    """没有 Retry-After 时按公布的曲线退避 / Without Retry-After, backs off by the advertised curve."""
    for scene in evidence.scenes:
        for write in scene.writes if scene.stand else ():
            if scene.stand is not None:
                yield from _delays(write, scene.stand.times)


def _delays(write: Write, times: Times) -> Iterator[Observation]:
    pairs = zip(write.attempts, write.attempts[1:], strict=False)
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


@check("CAL-007", "gives-an-answer-its-time", scenes=("lost_request_and_delay",))
def gives_an_answer_its_time(evidence: Evidence) -> Iterator[Observation]:
    """等满应答时限才判定没有应答 / Waits for an answer as long as advertised before it sends again."""
    for scene in evidence.scenes:
        for write in scene.writes if scene.stand else ():
            if scene.stand is not None:
                yield from _patience(write, scene.stand.times)


def _patience(write: Write, times: Times) -> Iterator[Observation]:
    """Only where the connection stayed open: one that was cut tells by itself that no answer will come."""
    pairs = zip(write.attempts, write.attempts[1:], strict=False)
    for number, (unanswered, again) in enumerate(pairs, start=1):
        if unanswered.fault is None or unanswered.fault.kind != "delay":
            continue
        least = timedelta(seconds=times.request_timeout_seconds) + shortest_delay(number, times)
        waited = again.at - unanswered.at
        yield saw(
            f"发出后至少 {least.total_seconds():.3f} 秒才重发 / sent again {least.total_seconds():.3f} s later at the earliest",
            f"{waited.total_seconds():.3f} 秒后重发 / sent again after {waited.total_seconds():.3f} s",
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
