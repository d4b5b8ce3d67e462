"""What must be sent and what must not: each invented activity beside the record that stands for it, if any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.checks.saying import saw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Set as AbstractSet

    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.recording.recorded_scene import RecordedScene
    from tanpuhui.conformance.truth.expected import Expected, Fate
    from tanpuhui.conformance.verdict import Observation

    Concern = Callable[[Expected, RecordedScene], bool]


def withheld(
    evidence: Evidence, fates: AbstractSet[Fate], concerns: Concern = lambda *_: True
) -> Iterator[Observation]:
    """One observation for each activity that must not be reported, in scenes where others were."""
    for scene in evidence.scenes:
        if not scene.sent:
            continue
        sent = {id(one.expected): one.sent.seq for one in scene.reported if one.expected is not None}
        for expected in scene.world.expected:
            if expected.fate in fates and concerns(expected, scene):
                reported_at = sent.get(id(expected))
                yield saw(
                    f"不报送：{expected.label.zh} / not reported: {expected.label.en}",
                    "没有报送 / not reported" if reported_at is None else "报送了 / it was reported",
                    ok=reported_at is None,
                    at=reported_at,
                )


def reported_when_due(scene: RecordedScene) -> Iterator[Observation]:
    """One observation for each activity that must be reported."""
    missing = {id(expected) for expected in scene.unreported}
    for expected in scene.world.due:
        left_out = id(expected) in missing
        yield saw(
            f"报送：{expected.label.zh} / reported: {expected.label.en}",
            "没有报送 / it was not" if left_out else "已报送 / it was",
            ok=not left_out,
        )
