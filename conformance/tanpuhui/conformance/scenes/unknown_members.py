"""A platform of tomorrow: members in answers and events, and types of events, that nobody knows today."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.chance import token
from tanpuhui.conformance.driving.armoury import SUBMIT, fault
from tanpuhui.conformance.scene import scene
from tanpuhui.conformance.truth.calendar import noon
from tanpuhui.conformance.truth.links import SUSPENDED
from tanpuhui.spec.business_time import business_day

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage

_CERTAIN = ("getDiscovery", "requestToken", "listLinks", SUBMIT)
_ALWAYS = 1000
_POSSIBLE = ("getJwks", "listEvents", "listMethodologies", "getScenario")


@scene("unknown_members")
def unknown_members(stage: Stage) -> None:
    """未知成员：应答与事件带有不认识的成员，还有不认识的事件类型 / Unknown members in answers and events, and an unknown event type."""
    kept, changing = stage.links(2)
    days = [business_day(stage.now) - timedelta(days=age) for age in (3, 2, 1)]
    stage.open(stage.ordinary(4, [kept, changing]))
    stage.arm(
        *(fault("unknown_members", operation, times=_ALWAYS, least=1) for operation in _CERTAIN),
        *(fault("unknown_members", operation, times=_ALWAYS, least=0) for operation in _POSSIBLE),
        fault("unknown_members", "receiveEvent", times=2),
    )
    stage.report()
    stage.settled()
    stage.told(stage.emit("notice.posted.v1", {"notice_id": f"ntc-{token(stage.rng, 8)}"}))
    stage.told(stage.change_link(changing, SUSPENDED, noon(days[1])))
    suspended = changing.changed(noon(days[1]), SUSPENDED)
    stage.load(stage.on_days(suspended, days))
    stage.report()
    stage.settled()
    stage.expect_fired()
