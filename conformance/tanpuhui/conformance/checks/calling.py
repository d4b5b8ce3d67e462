"""第 8 章 接口调用：幂等、重发、等待 / Clause 8, calling: idempotency, sending again, waiting."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from tanpuhui.conformance.check import check
from tanpuhui.conformance.submission import SUBMIT, Submission
from tanpuhui.conformance.verdict import Observation, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tanpuhui.conformance.evidence import Evidence
    from tanpuhui.conformance.exchange import Exchange

_KEY = re.compile(r'"[\x20-\x21\x23-\x5b\x5d-\x7e]{16,64}"')
_TOLERANCE = timedelta(milliseconds=20)
_FAULTY = ("lost_answer", "lost_request_and_delay", "rate_limited", "back_off", "broken_receipt")
_EVERYWHERE = ("first_report", "truth", "small_batches", "refused", *_FAULTY)


@check("CAL-001", "every-write-has-a-key", scenes=_EVERYWHERE)
def every_write_has_a_key(evidence: Evidence) -> Iterator[Observation]:
    """每个写入请求都带合规的幂等键 / Every write carries a well-formed idempotency key."""
    expected = Text("16 至 64 个字符的结构化字段字符串", "a Structured Field String of 16 to 64 characters")
    for call in evidence.calls(SUBMIT):
        values = call.request.header_values("idempotency-key")
        ok = len(values) == 1 and _KEY.fullmatch(values[0]) is not None
        seen = Text("合规" if ok else "缺少或不合规", "well-formed" if ok else "absent or malformed")
        yield Observation(ok, expected, seen, call.seq)


@check("CAL-002", "same-key-same-bytes", scenes=_EVERYWHERE, after=("CAL-001/every-write-has-a-key",))
def same_key_same_bytes(evidence: Evidence) -> Iterator[Observation]:
    """同一幂等键下每次发送的正文逐字节相同 / Every sending under one key has the same body, byte by byte."""
    expected = Text("与首次发送逐字节相同", "the same bytes as in the first sending")
    for submission in evidence.submissions:
        for attempt in submission.attempts[1:]:
            ok = attempt.request.body == submission.first.request.body
            seen = Text("相同" if ok else "不同", "the same" if ok else "different")
            yield Observation(ok, expected, seen, attempt.seq)


@check("CAL-002", "same-records-same-key", scenes=_FAULTY, after=("CAL-001/every-write-has-a-key",))
def same_records_same_key(evidence: Evidence) -> Iterator[Observation]:
    """没有得到应答的批次以原来的键重发 / A batch that was not answered is sent again under its own key."""
    expected = Text("以原来的幂等键重发", "sent again under its own key")
    for submission in evidence.submissions:
        if submission.first.status is None:
            ok = len(submission.attempts) > 1
            seen = Text(
                "已重发" if ok else "没有用原来的键重发", "sent again" if ok else "not sent again under it"
            )
            yield Observation(ok, expected, seen, submission.first.seq)


@check("CAL-003", "sends-until-acknowledged", scenes=_FAULTY)
def sends_until_acknowledged(evidence: Evidence) -> Iterator[Observation]:
    """没有有效应答的批次最终得到确认或永久拒绝 / A batch without a valid answer is at last acknowledged or refused for good."""
    expected = Text("重发直到得到确认或永久拒绝", "sent until acknowledged or refused for good")
    for submission in evidence.submissions:
        if _unanswered(submission.first):
            ok = submission.answered is not None or submission.refused_for_good is not None
            seen = Text(
                "已有结果" if ok else "没有结果就停止了", "settled" if ok else "given up without a result"
            )
            yield Observation(ok, expected, seen, submission.attempts[-1].seq)


@check("CAL-004", "waits-as-long-as-told", scenes=("rate_limited",))
def waits_as_long_as_told(evidence: Evidence) -> Iterator[Observation]:
    """重发不早于 Retry-After 所示时间 / Not sent again before the time that Retry-After gives."""
    for submission in evidence.submissions:
        for told, again in zip(submission.attempts, submission.attempts[1:], strict=False):
            earliest = _earliest(told)
            if earliest is None:
                continue
            expected = Text(f"不早于 {earliest.isoformat()}", f"not before {earliest.isoformat()}")
            seen = Text(f"在 {again.at.isoformat()} 重发", f"sent again at {again.at.isoformat()}")
            yield Observation(again.at >= earliest - _TOLERANCE, expected, seen, again.seq)


@check("CAL-005", "never-repeats-what-was-refused", scenes=("refused",))
def never_repeats_what_was_refused(evidence: Evidence) -> Iterator[Observation]:
    """永久拒绝的请求不再原样发送 / A request that was refused for good is not sent again unchanged."""
    expected = Text("不再原样发送", "not sent again unchanged")
    for submission in evidence.submissions:
        if (refusal := submission.refused_for_good) is None:
            continue
        again = _same_content_after(evidence.submissions, refusal)
        seen = Text("又发送了" if again else "没有再发送", "sent again" if again else "not sent again")
        yield Observation(again is None, expected, seen, (again or refusal).seq)


@check("CAL-006", "acknowledged-records-rest", scenes=(*_EVERYWHERE, "token_ends"))
def acknowledged_records_rest(evidence: Evidence) -> Iterator[Observation]:
    """已确认的记录不再出现在以后的发送中 / A record that was acknowledged is in no later sending."""
    expected = Text("确认之后不再发送", "not sent after it was acknowledged")
    for scene in evidence.scenes:
        done: dict[str, datetime] = {}
        for submission in scene.submissions:
            for sent in submission.sent():
                before = done.get(sent.record_id)
                ok = before is None or submission.first.at < before
                seen = Text("没有" if ok else "又发送了", "not" if ok else "sent again")
                yield Observation(ok, expected, seen, submission.first.seq)
            yield from _once_more_under_its_key(submission, expected)
            done |= _acknowledged(submission)


def _once_more_under_its_key(submission: Submission, expected: Text) -> Iterator[Observation]:
    """The platform would only repeat its answer; all the same the scenario had it already."""
    answer = submission.acknowledged
    for attempt in submission.attempts if answer else ():
        if answer is not None and attempt.seq > answer.seq:
            seen = Text("以原来的键又发送了", "sent again under its own key")
            yield Observation(False, expected, seen, attempt.seq)  # noqa: FBT003  # the observation is the failure


def _unanswered(attempt: Exchange) -> bool:
    spoilt = attempt.fault is not None and attempt.fault.kind == "break_receipt"
    return spoilt or attempt.status is None or (attempt.refused and attempt.retryable)


def _earliest(told: Exchange) -> datetime | None:
    """When the request may be sent again at the earliest, None where the answer does not say."""
    value = told.response.header("retry-after") if told.response and told.status else None
    if value is None or told.answered_at is None or told.slow:
        return None
    if value.isdecimal():
        return told.answered_at + timedelta(seconds=int(value))
    return parsedate_to_datetime(value).astimezone(UTC)


def _same_content_after(submissions: tuple[Submission, ...], refusal: Exchange) -> Exchange | None:
    later = (attempt for submission in submissions for attempt in submission.attempts)
    same = (it for it in later if it.seq > refusal.seq and it.request.body == refusal.request.body)
    return next(same, None)


def _acknowledged(submission: Submission) -> dict[str, datetime]:
    """The records that are settled by this submission, and when its answer was given."""
    answer = submission.acknowledged
    if answer is None or answer.answered_at is None:
        return {}
    return {
        sent.record_id: answer.answered_at for sent in submission.sent() if sent.verdict_word != "rejected"
    }
