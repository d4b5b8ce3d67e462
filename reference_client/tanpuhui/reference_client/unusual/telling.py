"""少见的写法 / Unusual ways of writing the same."""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.recipes.pv import PvDayPart, PvRecipe
from tanpuhui.reference_client.rewriting import Record, Rewriting
from tanpuhui.reference_client.sending.batching import Batching
from tanpuhui.reference_client.sending.composing import Composing
from tanpuhui.reference_client.unusual.unusual import keeps_the_law_in
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.business_time import parse_instant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from tanpuhui.reference_client.keeping.outbox import Activity
    from tanpuhui.reference_client.recipes.recipe import Part

LETTERS = str.maketrans("0123456789abcdef", "ghijkmnpqrabcdef")
SIXTEEN = 64

TOLD = ("first_report", "truth", "reported_records", "uploads")


@keeps_the_law_in(*TOLD, "year_end", "two_months")
class WritesInstantsInUtc(Rewriting):
    """时刻写成 UTC，业务日仍按上海 / Writes instants in UTC, and the business day in Shanghai's all the same."""

    def told(self, record: Record) -> Record:
        names = ("activity_start", "activity_end")
        return record | {name: parse_instant(record[name]).astimezone(UTC).isoformat() for name in names}


@keeps_the_law_in(*TOLD, "lost_answer", "refused")
class SpellsItsOwnJson(Witnessed, Batching):
    """JSON 成员次序和空白与众不同 / Spells JSON with other spaces and members in another order."""

    def bytes_max(self) -> int:
        return super().bytes_max() // 2

    def body(self, records: Sequence[bytes]) -> bytes:
        self.fired()
        spelt = json.loads(super().body(records))
        return json.dumps(spelt, ensure_ascii=True, indent=2, sort_keys=True).encode()


@keeps_the_law_in(*TOLD)
class MakesShortIds(Witnessed, Composing):
    """记录号是 16 个随机字母 / Makes record ids of sixteen random letters."""

    def record_id(self, activity: Activity, part: Part, now: datetime) -> str:  # noqa: ARG002
        self.fired()
        return f"{self.chance.bits(SIXTEEN):016x}".translate(LETTERS)


@keeps_the_law_in("truth", "year_end", "small_batches", "reported_records")
class ReportsTheLatestDayFirst(Witnessed, PvRecipe):
    """先报最近的业务日 / Reports the latest business day first."""

    def parts(self, activity: Mapping[str, Any]) -> Sequence[PvDayPart]:
        self.fired()
        return super().parts(activity)[::-1]
