"""第 9 章 写入的缺陷 / Sins against clause 9, writing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.keeping.outbox import READY
from tanpuhui.reference_client.recipes.bike import BikeRecipe
from tanpuhui.reference_client.recipes.recipe import Part
from tanpuhui.reference_client.rewriting import Record, Rewriting
from tanpuhui.reference_client.sending.batching import Batching
from tanpuhui.reference_client.sending.composing import Composing
from tanpuhui.reference_client.sending.settling import Settling
from tanpuhui.reference_client.sins.calling import KEY, SendingAgain
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.limits import default_limits
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tanpuhui.reference_client.calling.answers import RecordVerdict
    from tanpuhui.reference_client.keeping.outbox import Activity
    from tanpuhui.reference_client.recipes.recipe import Recipe
    from tanpuhui.spec.message import HttpRequest

ONCE_AND_NO_OTHER = "reports-nothing-else-and-nothing-twice"
INVENTED, EARLIER = "invented", timedelta(minutes=97)


@breaks("WRT-001", "one-id-for-one-activity", scene="truth")
class NamesRecordsByTheirDay(Rewriting):
    """以设备和日期作记录号 / Makes the record id of device and day, so that two activities share one."""

    def told(self, record: Record) -> Record:
        name = f"{record['device_id']}/{record['business_day']}"
        return record | {"record_id": hashlib.sha256(name.encode()).hexdigest()[:32]}


@breaks("WRT-001", "one-id-for-one-activity", scene="lost_answer")
class MakesItsRecordsAnew(SendingAgain):
    """没有应答时以新记录号、新幂等键重做整批 / Makes a batch anew, ids and all, when no answer comes."""

    def otherwise(self, request: HttpRequest) -> HttpRequest:
        content = json.loads(request.body)
        content["records"] = [record | {"record_id": self.chance.token()} for record in content["records"]]
        again = replace(request, body=dump_json(content)).without_headers(KEY)
        return again.with_headers(((KEY, f'"{self.chance.token()}"'),))


@breaks("WRT-002", "batch-keeps-the-advertised-size", scene="small_batches")
class KnowsTheBatchSizeByHeart(Witnessed, Batching):
    """批次大小写死为建议值 / Has the batch size typed in instead of reading it."""

    def count_max(self) -> int:
        if super().count_max() != default_limits().batch_max_records:
            self.fired()
        return default_limits().batch_max_records


class Trying(Witnessed, Settling):
    """Has some records sent once more, whatever their verdict."""

    @cached_property
    def tried(self) -> set[str | None]:
        """The records that were sent once more."""
        return set()

    def once_more(self, verdict: RecordVerdict, word: str) -> tuple[str, str | None]:
        """Ready again, the first time that a record meets this verdict."""
        if verdict.verdict != word or verdict.record_id in self.tried:
            return super().state(verdict)
        self.fired()
        self.tried.add(verdict.record_id)
        return READY, None


@breaks("WRT-005", "acts-on-every-verdict")
class SendsRejectedRecordsAgain(Trying):
    """被拒绝的记录原样再发 / Sends rejected records again unchanged."""

    def state(self, verdict: RecordVerdict) -> tuple[str, str | None]:
        return self.once_more(verdict, "rejected")


@breaks("WRT-005", "acts-on-every-verdict")
class SendsHeldRecordsAgain(Trying):
    """暂存的记录再发一次 / Sends held records again."""

    def state(self, verdict: RecordVerdict) -> tuple[str, str | None]:
        return self.once_more(verdict, "held")


@breaks("WRT-006", "reports-everything-due", scene="truth")
class LeavesOutTheLastPart(Witnessed, Composing):
    """漏报最后一个业务日 / Leaves out the last business day of a series."""

    def parts(self, recipe: Recipe[Any], activity: Activity) -> Sequence[Part]:
        found = super().parts(recipe, activity)
        if len(found) > 1:
            self.fired()
        return found[:-1] or found


@breaks("WRT-006", "reports-everything-due", scene="first_report")
class LeavesOutEveryThird(Witnessed, Composing):
    """每三条漏报一条 / Leaves out one activity in three."""

    @cached_property
    def seen(self) -> list[str]:
        """The parts that came by."""
        return []

    def parts(self, recipe: Recipe[Any], activity: Activity) -> Sequence[Part]:
        kept = []
        for part in super().parts(recipe, activity):
            self.seen.append(part.name)
            if len(self.seen) % 3:
                kept.append(part)
            else:
                self.fired()
        return kept


@breaks("WRT-007", ONCE_AND_NO_OTHER)
class ReportsEverythingTwice(Witnessed, Composing):
    """一次活动报成两条 / Reports each activity as two records."""

    def parts(self, recipe: Recipe[Any], activity: Activity) -> Sequence[Part]:
        self.fired()
        found = super().parts(recipe, activity)
        return [*found, *(replace(part, name=f"{part.name}, once more") for part in found)]


@breaks("WRT-007", ONCE_AND_NO_OTHER)
class InventsRides(Witnessed, BikeRecipe):
    """多报没有发生过的骑行 / Reports rides that never were."""

    def parts(self, activity: Mapping[str, Any]) -> Sequence[Part]:
        self.fired()
        found = super().parts(activity)
        return [*found, *(Part(INVENTED, part.start - EARLIER, part.end - EARLIER) for part in found)]

    def record(self, activity: Mapping[str, Any], part: Part, record_id: str) -> dict[str, Any]:
        record = super().record(activity, part, record_id)
        return record | {"device_id": f"{record['device_id']}-b"} if part.name == INVENTED else record


@breaks("WRT-002", "body-keeps-the-advertised-size", scene="year_end")
class KnowsTheBodySizeByHeart(Witnessed, Batching):
    """正文上限写死为建议值 / Has the size of a body typed in instead of reading it."""

    def bytes_max(self) -> int:
        if super().bytes_max() != default_limits().body_max_bytes:
            self.fired()
        return default_limits().body_max_bytes
