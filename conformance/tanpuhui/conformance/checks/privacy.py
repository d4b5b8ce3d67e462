"""第 17 章 个人信息 / Clause 17, personal data: none crosses the wire, and errors repeat nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from tanpuhui.conformance.check import EVERY, check
from tanpuhui.conformance.checks.receiving import tried
from tanpuhui.conformance.checks.saying import saw

if TYPE_CHECKING:
    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.verdict import Observation

COORDINATES = "coordinates"
TRACK_NAMES = frozenset(
    {"lat", "lon", "lng", "latitude", "longitude", "track", "polyline", "coordinates", "gps"}
)


@check("PRV-001", "sends-no-direct-identifiers", scenes=EVERY)
def sends_no_direct_identifiers(evidence: Evidence) -> Iterator[Observation]:
    """不传送手机号、证件号等直接标识 / Sends no phone, identity-card, plate or bank-card numbers."""
    for call in evidence.calls():
        kinds = sorted({mask.kind for mask in call.personal_data if mask.kind != COORDINATES})
        yield saw(
            "没有直接标识 / no direct identifiers",
            f"{', '.join(kinds)}（采集时已屏蔽 / masked at capture）" if kinds else "没有 / none",
            ok=not kinds,
            at=call.seq,
        )


@check("PRV-002", "sends-no-tracks-or-coordinates", scenes=EVERY)
def sends_no_tracks_or_coordinates(evidence: Evidence) -> Iterator[Observation]:
    """不传送轨迹或经纬度 / Sends no tracks or coordinates."""
    for submission in evidence.submissions:
        told = (submission.first.content.value, submission.listed())
        found = any(mask.kind == COORDINATES for call in submission.attempts for mask in call.personal_data)
        found = found or any(_names(value) & TRACK_NAMES for value in told)
        yield saw(
            "没有轨迹或经纬度 / no tracks or coordinates",
            "有（采集时已屏蔽）/ there are (masked at capture)" if found else "没有 / none",
            ok=not found,
            at=submission.first.seq,
        )


def _names(value: object) -> set[str]:
    if isinstance(value, Mapping):
        return {str(name).lower() for name in value}.union(*map(_names, value.values()))
    return set().union(*map(_names, value)) if isinstance(value, list) else set()


@check("PRV-003", "errors-repeat-nothing-received", scenes=("event_attacks", "reported_records"))
def errors_repeat_nothing_received(evidence: Evidence) -> Iterator[Observation]:
    """错误应答不回显收到的内容 / Error answers repeat nothing that was received.

    The judge plants a text in each request that must be refused, and looks for it in the answer.
    """
    for scene in evidence.scenes:
        for one in tried(scene):
            answer = one.exchange.response
            if one.canary is None or answer is None or not one.exchange.refused:
                continue
            told = (answer.body, *(value.encode() for _, value in answer.headers))
            echoed = any(one.canary.encode() in text for text in told)
            yield saw(
                f"{one.label.zh}：应答中没有请求里的内容 / {one.label.en}: the answer holds nothing of the request",
                "回显了收到的内容 / it repeats what it received" if echoed else "没有 / it does not",
                ok=not echoed,
                at=one.exchange.seq,
            )
