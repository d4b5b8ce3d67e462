"""第 9 章 写入：一次活动一条记录，全部报送，各报一次 / Clause 9, writing: one record each, all of them, once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tanpuhui.conformance.check import EVERY, check
from tanpuhui.conformance.checks.saying import saw
from tanpuhui.conformance.checks.standing import TAKEN_IN
from tanpuhui.conformance.checks.withholding import reported_when_due, withheld
from tanpuhui.conformance.recording.submission import REJECTED, SUBMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.recording.recorded_scene import RecordedScene
    from tanpuhui.conformance.recording.submission import Sent
    from tanpuhui.conformance.verdict import Observation

HELD = "held"
JUDGED = ("refused", "verdicts", "upload_verdicts")
"""Where the platform has other words than accepted."""


@check("WRT-001", "one-id-for-one-activity", scenes=EVERY)
def one_id_for_one_activity(evidence: Evidence) -> Iterator[Observation]:
    """一次活动始终同一记录号，不同活动不同记录号 / One id for one activity always, different ids for different ones."""
    for scene in evidence.scenes:
        activities: dict[str, set[int]] = {}
        for one in scene.reported:
            if one.expected is not None:
                activities.setdefault(one.sent.record_id, set()).add(id(one.expected))
        for one in scene.reported:
            shared = len(activities.get(one.sent.record_id, ())) > 1
            changed = _earlier_id(scene, one.sent, one.expected)
            yield saw(
                "记录号唯一且不变 / the id is unique and stays",
                _id_words(shared=shared, changed=changed),
                ok=not shared and not changed,
                at=one.sent.seq,
            )


def _earlier_id(scene: RecordedScene, sent: Sent, expected: object) -> bool:
    """The same activity went out before under another id."""
    if expected is None:
        return False
    same = (one.sent for one in scene.reported if one.expected is expected)
    return any(it.record_id != sent.record_id and it.seq < sent.seq for it in same)


def _id_words(*, shared: bool, changed: bool) -> str:
    if shared:
        return "同一记录号用于不同活动 / one id for different activities"
    return "同一活动换了记录号 / the activity got another id" if changed else "如此 / it is"


@check("WRT-002", "batch-keeps-the-advertised-size", scenes=EVERY)
def batch_keeps_the_advertised_size(evidence: Evidence) -> Iterator[Observation]:
    """每批不超过公布的上限 / A batch is no larger than advertised."""
    for scene in evidence.scenes:
        for submission in scene.batches if scene.stand else ():
            most = scene.stand.limits.batch_max_records if scene.stand else 0
            size = len(submission.records)
            yield saw(
                f"不超过 {most} 条 / at most {most} records",
                f"{size} 条 / {size} records",
                ok=size <= most,
                at=submission.first.seq,
            )


@check("WRT-002", "body-keeps-the-advertised-size", scenes=EVERY)
def body_keeps_the_advertised_size(evidence: Evidence) -> Iterator[Observation]:
    """每个正文不超过公布的字节数 / A body is no larger than advertised."""
    for scene in evidence.scenes:
        for call in scene.calls(SUBMIT) if scene.stand else ():
            most = scene.stand.limits.body_max_bytes if scene.stand else 0
            told_so = call.problem_code == "limit-exceeded" and call.fault is None
            ok = len(call.request.body) <= most and not told_so
            yield saw(
                f"不超过 {most} 字节 / at most {most} bytes",
                "没有超过 / no more" if ok else "超过了 / more than that",
                ok=ok,
                at=call.seq,
            )


@check("WRT-005", "acts-on-every-verdict", scenes=JUDGED)
def acts_on_every_verdict(evidence: Evidence) -> Iterator[Observation]:
    """逐条处理结论，不再发送已有结论的记录 / Acts on every verdict and sends no settled record again."""
    for scene in evidence.scenes:
        for sent in scene.sent:
            if sent.known_at is None:
                continue
            again = _sent_again(scene, sent)
            yield saw(
                "已有结论的记录不再发送 / a settled record is not sent again",
                "又发送了 / it was sent again" if again else "没有再发 / it was not",
                ok=not again,
                at=sent.seq,
            )


def _sent_again(scene: RecordedScene, sent: Sent) -> bool:
    """In another sending, once the verdict was known: settled ones under the same id, rejected ones unchanged."""
    others = (it for it in scene.sent if it.submission is not sent.submission and _after(it, sent))
    if sent.verdict_word != REJECTED:
        return any(other.record_id == sent.record_id for other in others)
    return any(_content(other) == _content(sent) for other in others)


def _after(other: Sent, sent: Sent) -> bool:
    return sent.known_at is not None and other.submission.first.at >= sent.known_at


@check("WRT-016", "held-activities-are-not-sent-as-new", scenes=JUDGED)
def held_activities_are_not_sent_as_new(evidence: Evidence) -> Iterator[Observation]:
    """暂存的活动不以新记录号再报 / An activity that is held is not sent again under a new record id."""
    for scene in evidence.scenes:
        for one in scene.reported:
            if one.sent.verdict_word != HELD or one.sent.known_at is None or one.expected is None:
                continue
            same = (it.sent for it in scene.reported if it.expected is one.expected)
            renamed = next(
                (it for it in same if it.record_id != one.sent.record_id and _after(it, one.sent)), None
            )
            yield saw(
                "等待结论，不另行报送 / waits for the decision and sends nothing else",
                "以新记录号又报了 / sent again under a new id" if renamed else "如此 / so it does",
                ok=renamed is None,
                at=renamed.seq if renamed else one.sent.seq,
            )


def _content(sent: Sent) -> str:
    record = {name: value for name, value in sent.record.items() if name != "record_id"}
    return json.dumps(record, sort_keys=True, default=str)


@check("WRT-006", "reports-everything-due", scenes=EVERY, after=TAKEN_IN)
def reports_everything_due(evidence: Evidence) -> Iterator[Observation]:
    """应报尽报 / Reports everything that is due."""
    for scene in evidence.scenes:
        yield from reported_when_due(scene)


@check("WRT-007", "reports-nothing-else-and-nothing-twice", scenes=EVERY)
def reports_nothing_else_and_nothing_twice(evidence: Evidence) -> Iterator[Observation]:
    """不多报，也不把一次活动报成多条 / Reports nothing that is not there, and no activity as several records."""
    for scene in evidence.scenes:
        ids: dict[int, str] = {}
        for one in scene.reported if scene.world.expected else ():
            first = ids.setdefault(id(one.expected), one.sent.record_id)
            doubled = one.expected is not None and first != one.sent.record_id
            yield saw(
                "对应业务系统的一次活动，且只有一条 / stands for one activity, and it alone",
                _surplus_words(unknown=one.expected is None, doubled=doubled),
                ok=one.expected is not None and not doubled,
                at=one.sent.seq,
            )


def _surplus_words(*, unknown: bool, doubled: bool) -> str:
    if unknown:
        return "业务系统没有这次活动 / the business system holds no such activity"
    return "同一活动报了两条 / one activity as two records" if doubled else "如此 / it does"


@check("WRT-008", "reports-neither-too-early-nor-too-late", scenes=("truth",))
def reports_neither_too_early_nor_too_late(evidence: Evidence) -> Iterator[Observation]:
    """不报未结束的和过期的活动 / Reports nothing unfinished and nothing older than the late window."""
    yield from withheld(evidence, {"not-ended", "late"})
