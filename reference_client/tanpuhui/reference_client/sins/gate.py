"""不应报送的照报：连通、方法学排除、质量规则与期限的缺陷 / What must be held back goes out: links, exclusions, rules, periods."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.recipes.bike import BikeRecipe
from tanpuhui.reference_client.rewriting import Record, Rewriting
from tanpuhui.reference_client.sending.reporting import Reporting
from tanpuhui.reference_client.sending.withholding import Withholding
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.limits import default_times

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tanpuhui.reference_client.keeping.outbox import Ready
    from tanpuhui.reference_client.recipes.recipe import Part
    from tanpuhui.reference_client.sending.withholding import WithheldFor

ACTIVE = "active"
SHORTEST = timedelta(seconds=60)


class LettingPass(Witnessed, Withholding):
    """Says yes where the reference says no, and tells."""

    def passed(self, verdict: bool) -> bool:  # noqa: FBT001  # the reference's own word
        """Yes, whatever the verdict."""
        if not verdict:
            self.fired()
        return True


@breaks("LNK-001", "reports-only-under-an-active-link")
class IgnoresLinks(LettingPass):
    """不看连通状态 / Reports whatever the state of the link."""

    def link_active(self, link_id: str, start: datetime) -> bool:
        return self.passed(super().link_active(link_id, start))


@breaks("LNK-001", "reports-only-under-an-active-link")
class JudgesLinksByToday(Witnessed, Withholding):
    """按报送时的连通状态判断 / Judges a link by its state at the time of reporting, not at the start."""

    def link_active(self, link_id: str, start: datetime) -> bool:
        today = super().link_active(link_id, self.now)
        if today != super().link_active(link_id, start):
            self.fired()
        return today


@breaks("LNK-002", "identifies-users-by-link-id-alone")
class NamesUsersItsOwnWay(Rewriting):
    """用自己的用户号代替连通号 / Uses its own user numbers in place of link ids."""

    def told(self, record: Record) -> Record:
        return record | {"link_id": f"lnk_{record['link_id'][:3:-1]}"}


@breaks("ACC-004", "leaves-out-what-the-methodology-excludes")
class ReportsWhatIsExcluded(LettingPass):
    """报送方法学排除的活动 / Reports activities that the methodology excludes."""

    def excluded(self, record: Mapping[str, Any]) -> bool:
        return not self.passed(not super().excluded(record))


@breaks("QUA-001", "sends-nothing-that-a-rule-rejects", scene="truth")
class SkipsTheRules(LettingPass):
    """发送前不执行质量规则 / Does not run the quality rules before sending."""

    def broken_rule(self, record: Mapping[str, Any]) -> WithheldFor | None:
        self.passed(super().broken_rule(record) is None)
        return None


@breaks("QUA-001", "withholds-what-a-rule-rejects")
class StretchesShortRides(Witnessed, BikeRecipe):
    """把不足 60 秒的骑行改成 60 秒 / Stretches rides of less than 60 seconds until they pass the rules."""

    def parts(self, activity: Mapping[str, Any]) -> Sequence[Part]:
        return [self._stretched(part) for part in super().parts(activity)]

    def _stretched(self, part: Part) -> Part:
        if part.end - part.start >= SHORTEST:
            return part
        self.fired()
        return replace(part, end=part.start + SHORTEST)


@breaks("WRT-008", "reports-neither-too-early-nor-too-late")
class ReportsUnfinishedActivities(LettingPass):
    """报送尚未结束的活动 / Reports activities that have not ended."""

    def ended(self, part: Part) -> bool:
        return self.passed(super().ended(part))


@breaks("WRT-008", "reports-neither-too-early-nor-too-late")
class ReportsLateActivities(LettingPass):
    """报送超过补报期限的活动 / Reports activities beyond the late window."""

    def in_time(self, part: Part) -> bool:
        return self.passed(super().in_time(part))


@breaks("WRT-008", "reports-neither-too-early-nor-too-late")
class KnowsTheLateWindowByHeart(Witnessed, Withholding):
    """补报期限写死为建议值 / Has the late window typed in instead of reading it."""

    def in_time(self, part: Part) -> bool:
        open_still = self.now - part.end <= timedelta(days=default_times().late_window_days)
        if open_still != super().in_time(part):
            self.fired()
        return open_still


@breaks("WRT-006", "reports-everything-due", scene="truth")
class CountsTheWindowFromTheStart(Witnessed, Withholding):
    """补报期限从活动开始起算 / Counts the late window from the start of an activity."""

    def in_time(self, part: Part) -> bool:
        from_start = super().in_time(replace(part, end=part.start))
        if from_start != super().in_time(part):
            self.fired()
        return from_start


@breaks("WRT-006", "reports-everything-due", scene="truth")
class WithholdsTheShortestRides(Witnessed, Withholding):
    """扣下恰好 60 秒的骑行 / Withholds rides of exactly 60 seconds."""

    def broken_rule(self, record: Mapping[str, Any]) -> WithheldFor | None:
        if record["activity"].get("duration_s") != SHORTEST.seconds:
            return super().broken_rule(record)
        self.fired()
        return "rule"


@breaks("LNK-001", "reports-only-under-an-active-link")
class LooksAtTheStatusOnly(Witnessed, Withholding):
    """只看连通状态，不看有效期 / Looks at a link's status and not at its validity."""

    def link_active(self, link_id: str, start: datetime) -> bool:
        history = self.links.histories.get(link_id)
        active = history is not None and history.link.status == ACTIVE
        if active != super().link_active(link_id, start):
            self.fired()
        return active


@breaks("LNK-003", "obeys-link-events")
class LetsAnEndReachBack(Witnessed, Withholding):
    """连通中止后连之前的活动也不报 / Once a link ended, withholds even what happened before."""

    def link_active(self, link_id: str, start: datetime) -> bool:
        active = super().link_active(link_id, start)
        if active and not super().link_active(link_id, self.now):
            self.fired()
            return False
        return active


@breaks("LNK-003", "obeys-link-events")
class SendsWhatWasQueued(Witnessed, Reporting):
    """已在队列中的照发，不再看连通 / Sends what was queued without another look at its link."""

    def still_admissible(self, item: Ready, withholding: Withholding) -> bool:
        if not super().still_admissible(item, withholding):
            self.fired()
        return True
