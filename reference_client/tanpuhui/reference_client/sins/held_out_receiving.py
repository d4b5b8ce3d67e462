"""事先未告知检查的缺陷之三：事件与对账接口 / Sins written without sight of the checks: events and what the platform reads."""

from __future__ import annotations

from dataclasses import replace
from decimal import Context
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.keeping.inbox import Inbox
from tanpuhui.reference_client.receiving.reception import Reception
from tanpuhui.reference_client.receiving.reported import Reported
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.strict_json import parse_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tanpuhui.reference_client.keeping.reportbook import DaySummary, ReportedRecord
    from tanpuhui.reference_client.receiving.reported import Asked
    from tanpuhui.spec.message import HttpRequest, HttpResponse

_SEVEN_DIGITS = Context(prec=7)


@breaks("WRT-014", "lists-every-record-once")
class LosesTheLastPartialPage(Witnessed, Reported):
    """不满一页的余数不列出 / Never lists what is left over after the full pages."""

    def found_records(self, asked: Asked) -> Sequence[ReportedRecord]:
        (after,), filters, limit = asked.after, asked.filters, asked.limit
        found = self.book.records(filters["business_day"], filters.get("scheme"), after, 2 * limit)
        if not limit < len(found) < 2 * limit:
            return found[: limit + 1]
        self.fired()
        return found[:limit]


@breaks("WRT-014", "tells-content-and-current-verdict")
class ShowsRejectedDecisionsAsHeld(Witnessed, Reported):
    """被拒绝的暂存记录仍列为暂存 / Lists as held what was held and then rejected."""

    def record(self, row: ReportedRecord) -> dict[str, Any]:
        decided = "SELECT 1 FROM decisions WHERE record_id = ? AND verdict = 'rejected'"
        if row.verdict != "rejected" or not self.book.store.rows(decided, row.record_id):
            return super().record(row)
        self.fired()
        return super().record(replace(row, verdict="held"))


@breaks("WRT-015", "sums-equal-the-records")
class SumsInSevenDigits(Witnessed, Reported):
    """日汇总只有七位有效数字 / Sums a day with seven significant digits."""

    def summary(self, row: DaySummary) -> dict[str, Any]:
        short = _SEVEN_DIGITS.plus(row.reduction_kg)
        if short != row.reduction_kg:
            self.fired()
        return super().summary(replace(row, reduction_kg=short))


@breaks("EVT-005", "fetches-what-is-missing")
class TakesTheNewestForTheLastInOrder(Witnessed, Inbox):
    """以最大的序号作断点 / Takes the newest event for the end of the unbroken sequence."""

    def position(self) -> int:
        (newest,) = self.store.rows("SELECT max(sequence) AS newest FROM events")
        usual = super().position()
        if (newest["newest"] or 0) > usual + 1:
            self.fired()
        return max(usual, newest["newest"] or 0)


@breaks("SIG-007", "believes-only-what-is-well-signed", scene="reported_records")
class RemembersNoncesOfEventsOnly(Witnessed, Reception):
    """只对事件查随机数 / Looks for used nonces at events only."""

    def refusal(self, request: HttpRequest) -> HttpResponse | None:
        usual = super().refusal(request)
        if usual is None or request.method != "GET" or parse_json(usual.body)["code"] != "nonce-replayed":
            return usual
        self.fired()
        return None
