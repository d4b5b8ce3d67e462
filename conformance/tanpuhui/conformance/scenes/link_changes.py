"""Links are suspended, resumed and revoked, while records wait to be sent and between two reports."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tanpuhui.conformance.claims import DAILY
from tanpuhui.conformance.driving.put_off import put_off
from tanpuhui.conformance.scene import scene
from tanpuhui.conformance.truth.calendar import noon
from tanpuhui.conformance.truth.links import ACTIVE, REVOKED, SUSPENDED
from tanpuhui.spec.business_time import business_day

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage

_DAY = timedelta(days=1)


@scene("link_changes", needs=(DAILY,))
def link_changes(stage: Stage) -> None:
    """连通变化：报送途中暂停，后来恢复，另一连通被撤回 / Links are suspended, resumed and revoked, and a day ends meanwhile."""
    kept, changing, ending = stage.links(3)
    today = business_day(stage.now)
    days = [today - age * _DAY for age in (4, 3, 2, 1)]
    suspended = changing.changed(noon(days[1]), SUSPENDED)
    stage.open(stage.ordinary(4, [kept, changing, ending]), limits={"batch_max_records": 2})
    stage.load(stage.on_days(suspended, days) + stage.today_so_far(kept, 2 * _DAY))
    with put_off(stage, 1):
        stage.told(stage.change_link(changing, SUSPENDED, noon(days[1])))
    stage.settled()
    resumed = suspended.changed(noon(today - _DAY), ACTIVE)
    revoked = ending.changed(noon(today - _DAY), REVOKED)
    stage.told(stage.change_link(changing, ACTIVE, noon(today - _DAY)))
    stage.told(stage.change_link(ending, REVOKED, noon(today - _DAY)))
    stage.advance(days=2)
    later = [today - 2 * _DAY, today - _DAY, today, today + _DAY]
    for link in (resumed, revoked):
        stage.load(stage.on_days(link, later))
    stage.report()
    stage.settled()
