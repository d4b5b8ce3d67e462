"""第 7 章 账户连通：只报有效连通下的活动 / Clause 7, linking: only what happened under an active link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.conformance.check import EVERY, check
from tanpuhui.conformance.checks.saying import saw
from tanpuhui.conformance.checks.standing import TAKEN_IN
from tanpuhui.conformance.checks.withholding import reported_when_due, withheld

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.verdict import Observation


@check("LNK-001", "reports-only-under-an-active-link", scenes=("truth",))
def reports_only_under_an_active_link(evidence: Evidence) -> Iterator[Observation]:
    """只报连通有效时开始的活动 / Reports only what started under an active link."""
    yield from withheld(evidence, {"link"})


@check("LNK-002", "identifies-users-by-link-id-alone", scenes=EVERY)
def identifies_users_by_link_id_alone(evidence: Evidence) -> Iterator[Observation]:
    """以平台下发的连通号标识用户 / Identifies users by the platform's link ids."""
    for scene in evidence.scenes:
        known = {link["link_id"] for link in scene.world.links}
        for sent in scene.sent if known else ():
            ok = sent.record.get("link_id") in known
            yield saw(
                "link_id 是平台下发的连通号 / link_id is one that the platform issued",
                "是 / it is" if ok else "不是 / it is not",
                ok=ok,
                at=sent.seq,
            )


@check("LNK-003", "obeys-link-events", scenes=("link_changes",), after=TAKEN_IN)
def obeys_link_events(evidence: Evidence) -> Iterator[Observation]:
    """自生效时刻起照连通事件办 / Acts on link events from the time they take effect."""
    yield from withheld(evidence, {"link"})
    for scene in evidence.scenes:
        yield from reported_when_due(scene)
