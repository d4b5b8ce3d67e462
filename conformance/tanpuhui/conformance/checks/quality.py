"""第 11、14 章 数据质量与设备 / Clauses 11 and 14, data quality and devices."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from tanpuhui.conformance.check import EVERY, check
from tanpuhui.conformance.checks.accounting import CLAIMED
from tanpuhui.conformance.checks.indicators import TOLD, matched
from tanpuhui.conformance.checks.saying import saw
from tanpuhui.conformance.checks.withholding import withheld
from tanpuhui.conformance.claims import DAILY, REGISTERED
from tanpuhui.spec.quality import check_record
from tanpuhui.spec.violation import violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.recording.submission import Sent
    from tanpuhui.conformance.verdict import Observation
    from tanpuhui.spec.limits import Times


@check("QUA-001", "sends-nothing-that-a-rule-rejects", scenes=EVERY)
def sends_nothing_that_a_rule_rejects(evidence: Evidence) -> Iterator[Observation]:
    """不发送触发拒绝级规则的记录 / Sends nothing that a rule of severity reject hits."""
    for sent, times in _sound(evidence):
        hits = check_record(sent.record, received_at=sent.submission.first.at, times=times)
        hit = next((hit for hit in hits if hit.severity == "reject"), None)
        yield saw(
            "不触发拒绝级规则 / hits no rule of severity reject",
            f"{hit.rule_id}：{hit.zh} / {hit.rule_id}: {hit.en}" if hit else "没有触发 / it hits none",
            ok=hit is None,
            at=sent.seq,
        )


def _sound(evidence: Evidence) -> Iterator[tuple[Sent, Times]]:
    """Records that keep their schema; what does not is IND-001's matter."""
    for scene in evidence.scenes:
        for sent in scene.sent if scene.stand else ():
            if scene.stand is not None and not violations(sent.record):
                yield sent, scene.stand.times


@check("QUA-001", "withholds-what-a-rule-rejects", scenes=("truth",), needs=(DAILY,))
def withholds_what_a_rule_rejects(evidence: Evidence) -> Iterator[Observation]:
    """发送前执行规则，扣下应拒绝的活动 / Runs the rules before sending and withholds what they reject."""
    yield from withheld(evidence, {"rule"})


@check("DEV-001", "names-device-and-state", scenes=(*TOLD, "device_faults"))
def names_device_and_state(evidence: Evidence) -> Iterator[Observation]:
    """载明设备号和设备状态 / Names the device and its state."""
    for reported, expected in matched(evidence):
        wanted = f"{expected.record['device_id']} {expected.record['device_state']}"
        mine = f"{reported.sent.record.get('device_id')} {reported.sent.record.get('device_state')}"
        yield saw(
            wanted,
            "一致 / as expected" if mine == wanted else "不一致 / it names others",
            ok=mine == wanted,
            at=reported.sent.seq,
        )


@check(
    "DEV-002",
    "claims-nothing-from-a-faulty-device",
    scenes=("truth", "measured", "device_faults"),
    needs=(REGISTERED,),
)
def claims_nothing_from_a_faulty_device(evidence: Evidence) -> Iterator[Observation]:
    """设备状态不是 N 时减排量为零 / Claims nothing where the device's state is not N."""
    for reported, expected in matched(evidence):
        if expected.record["device_state"] == "N":
            continue
        zero = all(_zero(reported.sent.record.get(name)) for name in CLAIMED)
        yield saw(
            f"{expected.label.zh}：减排量为零 / {expected.label.en}: a reduction of zero",
            "为零 / it is zero" if zero else "不为零 / it is not",
            ok=zero,
            at=reported.sent.seq,
        )


def _zero(value: object) -> bool:
    try:
        return isinstance(value, str) and Decimal(value) == 0
    except InvalidOperation:
        return False
