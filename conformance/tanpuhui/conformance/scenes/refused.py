"""Refusals for good, of a batch and of a record, and a record that is held and decided later."""

from __future__ import annotations

import json
from base64 import b64decode
from http import HTTPStatus
from typing import TYPE_CHECKING

from tanpuhui.conformance.driving.armoury import SUBMIT, fault
from tanpuhui.conformance.scene import scene

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tanpuhui.conformance.driving.stage import Stage
    from tanpuhui.conformance.driving.watch import JournalEntry


@scene("refused")
def refused(stage: Stage) -> None:
    """拒绝与暂存：整批 422、一条被拒绝、一条暂存后由事件告知结论 / A batch refused, a record rejected, one held and decided later."""
    stage.open(stage.ordinary(12), limits={"batch_max_records": 4})
    stage.arm(
        fault("answer", status=422, problem="schema-violation"),
        fault("verdict", verdict="rejected", code="quality-rule"),
        fault("verdict", verdict="held", code="quality-rule"),
    )
    stage.report()
    stage.settled()
    stage.expect_fired()
    for record_id in _held(stage.watch.entries):
        data = {"record_id": record_id, "verdict": "accepted", "reasons": []}
        stage.told(stage.emit("record.decided.v1", data, subject=record_id))
    stage.report()
    stage.settled()


def _held(entries: Iterable[JournalEntry]) -> Iterator[str]:
    """The ids of records that the platform answered to hold."""
    for entry in entries:
        answer = entry.get("response") if entry.get("operation") == SUBMIT else None
        if answer and answer["status"] == HTTPStatus.OK:  # HTTP
            verdicts = json.loads(b64decode(answer["body_b64"]))["verdicts"]
            yield from (one["record_id"] for one in verdicts if one["verdict"] == "held")
