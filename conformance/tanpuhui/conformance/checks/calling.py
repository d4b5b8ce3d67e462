"""第 8 章 接口调用：幂等、重发 / Clause 8, calling: idempotency, sending again."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.check import check
from tanpuhui.conformance.recording.submission import REJECTED, Submission
from tanpuhui.conformance.recording.upload import Upload
from tanpuhui.conformance.verdict import Observation, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.recording.exchange import Exchange
    from tanpuhui.conformance.recording.write import Write

_KEY = re.compile(r'"[\x20-\x21\x23-\x5b\x5d-\x7e]{16,64}"')
_FAULTY = (
    "lost_answer",
    "lost_request_and_delay",
    "rate_limited",
    "back_off",
    "broken_receipt",
    "upload_lost_answer",
    "upload_slow_job",
)
_REFUSED = ("refused", "too_large", "upload_too_large")
_EVERYWHERE = (
    "first_report",
    "truth",
    "small_batches",
    "largest_batch",
    "verdicts",
    "uploads",
    "upload_verdicts",
    "upload_failed_job",
    *_REFUSED,
    *_FAULTY,
)


@check("CAL-001", "every-write-has-a-key", scenes=_EVERYWHERE)
def every_write_has_a_key(evidence: Evidence) -> Iterator[Observation]:
    """每个写入请求都带合规的幂等键 / Every write carries a well-formed idempotency key."""
    expected = Text("16 至 64 个字符的结构化字段字符串", "a Structured Field String of 16 to 64 characters")
    for call in (attempt for write in evidence.writes for attempt in write.attempts):
        values = call.request.header_values("idempotency-key")
        ok = len(values) == 1 and _KEY.fullmatch(values[0]) is not None
        seen = Text("合规" if ok else "缺少或不合规", "well-formed" if ok else "absent or malformed")
        yield Observation(ok, expected, seen, call.seq)


@check("CAL-002", "same-key-same-bytes", scenes=_EVERYWHERE, after=("CAL-001/every-write-has-a-key",))
def same_key_same_bytes(evidence: Evidence) -> Iterator[Observation]:
    """同一幂等键下每次发送的正文逐字节相同 / Every sending under one key has the same body, byte by byte."""
    expected = Text("与首次发送逐字节相同", "the same bytes as in the first sending")
    for write in evidence.writes:
        for attempt in write.attempts[1:]:
            ok = attempt.request.body == write.first.request.body
            seen = Text("相同" if ok else "不同", "the same" if ok else "different")
            yield Observation(ok, expected, seen, attempt.seq)


@check("CAL-002", "same-records-same-key", scenes=_FAULTY, after=("CAL-001/every-write-has-a-key",))
def same_records_same_key(evidence: Evidence) -> Iterator[Observation]:
    """没有得到应答的记录不换幂等键重发 / Records whose sending was not answered are not sent under another key."""
    expected = Text("只以原来的幂等键重发", "sent again under their own key only")
    for scene in evidence.scenes:
        contents = [_contents(submission) for submission in scene.submissions]
        for place, submission in enumerate(scene.submissions):
            if _unanswered(submission.first):
                open_still = submission.answered is None and submission.refused_for_good is None
                ok = not (open_still and _shares(contents[place], contents[place + 1 :]))
                seen = Text("如此" if ok else "换了幂等键", "so it is" if ok else "sent under another key")
                yield Observation(ok, expected, seen, submission.first.seq)


@check("CAL-003", "sends-until-acknowledged", scenes=_FAULTY)
def sends_until_acknowledged(evidence: Evidence) -> Iterator[Observation]:
    """没有有效应答的写入最终得到确认或永久拒绝 / A write without a valid answer is at last acknowledged or refused for good."""
    expected = Text("重发直到得到确认或永久拒绝", "sent until acknowledged or refused for good")
    for write in evidence.writes:
        if _unanswered(write.first):
            ok = write.answered is not None or write.refused_for_good is not None
            seen = Text(
                "已有结果" if ok else "没有结果就停止了", "settled" if ok else "given up without a result"
            )
            yield Observation(ok, expected, seen, write.attempts[-1].seq)


@check("CAL-005", "never-repeats-what-was-refused", scenes=_REFUSED)
def never_repeats_what_was_refused(evidence: Evidence) -> Iterator[Observation]:
    """永久拒绝的请求不再原样发送 / A request that was refused for good is not sent again unchanged."""
    expected = Text("不再原样发送", "not sent again unchanged")
    for write in evidence.writes:
        if (refusal := write.refused_for_good) is None:
            continue
        again = _same_content_after(evidence.writes, write, refusal)
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
            done = _acknowledged(submission) | done


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


def _same_content_after(writes: tuple[Write, ...], refused: Write, refusal: Exchange) -> Exchange | None:
    """The same bytes, or the same records in other words or another order."""
    records = _contents(refused)
    for write in writes:
        alike = bool(records) and write is not refused and _contents(write) == records
        for attempt in write.attempts:
            if attempt.seq > refusal.seq and (alike or attempt.request.body == refusal.request.body):
                return attempt
    return None


def _contents(write: Write) -> frozenset[str]:
    """What the records of a write say, whatever they are called."""
    return frozenset(map(_without_id, write.records)) if isinstance(write, Submission) else frozenset()


def _without_id(record: Mapping[str, Any]) -> str:
    kept = {name: value for name, value in record.items() if name != "record_id"}
    return json.dumps(kept, sort_keys=True, default=str)


def _shares(mine: frozenset[str], others: Sequence[frozenset[str]]) -> bool:
    return any(mine & other for other in others)


def _acknowledged(submission: Submission) -> dict[str, datetime]:
    """The records that are settled by this submission, or taken over with it, and since when the scenario knows."""
    taken = submission.taken_over if isinstance(submission, Upload) else None
    known = {
        sent.record_id: taken.answered_at if taken else sent.known_at
        for sent in submission.sent()
        if sent.verdict_word != REJECTED
    }
    return {name: since for name, since in known.items() if since is not None}
