"""第 8 章 等待：平台说何时再来，就何时再来 / Clause 8, waiting: back when the platform said, and not before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from tanpuhui.conformance.check import check
from tanpuhui.conformance.recording.write import surely_acknowledged, write_operations
from tanpuhui.conformance.verdict import Observation, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.recording.exchange import Exchange
    from tanpuhui.conformance.recording.upload import Upload

_TOLERANCE = timedelta(milliseconds=20)


@check("CAL-004", "waits-as-long-as-told", scenes=("rate_limited", "upload_slow_job"))
def waits_as_long_as_told(evidence: Evidence) -> Iterator[Observation]:
    """重发写入不早于 Retry-After 所示时间 / No write is sent again before the time that Retry-After gives."""
    for write in evidence.writes:
        yield from _in_time(zip(write.attempts, write.attempts[1:], strict=False))


@check("CAL-004", "asks-again-when-told", scenes=("rate_limited_reads", "upload_slow_job"))
def asks_again_when_told(evidence: Evidence) -> Iterator[Observation]:
    """被要求等待的读取和令牌请求，不早于所示时间再问 / What was read, or a token asked for, in vain is not asked again too early."""
    for scene in evidence.scenes:
        reads = [call for call in scene.calls() if call.operation not in write_operations()]
        yield from _in_time((told, again) for told in reads if told.refused for again in _next(told, reads))


@check("CAL-004", "looks-at-a-job-when-told", scenes=("uploads", "upload_slow_job"))
def looks_at_a_job_when_told(evidence: Evidence) -> Iterator[Observation]:
    """任务进行中不早于所示时间查询 / Looks at a running job no earlier than told."""
    for upload in evidence.uploads:
        yield from _in_time(_looks(upload))


def _looks(upload: Upload) -> Iterator[tuple[Exchange, Exchange]]:
    """Each answer that tells when to look again, and the next look."""
    if upload.job is None or upload.acknowledged is None:
        return
    told = [look for look in upload.job.looks if surely_acknowledged(look)]
    for answer in (upload.acknowledged, *told):
        following = (look for look in upload.job.looks if _follows(answer, look))
        yield from ((answer, look) for look in list(following)[:1])


def _next(told: Exchange, calls: Iterable[Exchange]) -> list[Exchange]:
    """The next request for the same thing, once the answer was there."""
    same = (
        call
        for call in calls
        if _follows(told, call)
        and (call.request.method, call.request.url) == (told.request.method, told.request.url)
    )
    return list(same)[:1]


def _follows(answer: Exchange, call: Exchange) -> bool:
    return answer.answered_at is not None and call.seq > answer.seq and call.at >= answer.answered_at


def _in_time(pairs: Iterable[tuple[Exchange, Exchange]]) -> Iterator[Observation]:
    for told, again in pairs:
        earliest = earliest_after(told)
        if earliest is not None:
            expected = Text(f"不早于 {earliest.isoformat()}", f"not before {earliest.isoformat()}")
            seen = Text(f"在 {again.at.isoformat()} 再次请求", f"asked again at {again.at.isoformat()}")
            yield Observation(again.at >= earliest - _TOLERANCE, expected, seen, again.seq)


def earliest_after(told: Exchange) -> datetime | None:
    """When the request may be made again at the earliest, None where the answer does not say."""
    value = told.response.header("retry-after") if told.response and told.status else None
    if value is None or told.answered_at is None or told.slow:
        return None
    if value.isdecimal():
        return told.answered_at + timedelta(seconds=int(value))
    return parsedate_to_datetime(value).astimezone(UTC)
