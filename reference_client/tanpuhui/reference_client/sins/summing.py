"""第 9.6 节 日汇总的缺陷 / Sins against clause 9.6: what the records of a day come to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.receiving.answering import json_answer
from tanpuhui.reference_client.receiving.reported import Reported
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.strict_json import parse_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tanpuhui.reference_client.keeping.reportbook import DaySummary
    from tanpuhui.reference_client.receiving.reported import Asked
    from tanpuhui.spec.message import HttpRequest, HttpResponse

SUMS = "sums-equal-the-records"
LINES = "lists-each-day-once-in-order"
ACCEPTED, HELD, REJECTED = "accepted", "held", "rejected"
EVERYTHING = 1_000_000


class Summing(Witnessed, Reported):
    """Sums in its own way; `summed` is one line as it tells it, or None."""

    def found_summaries(self, asked: Asked) -> Sequence[DaySummary]:
        """The lines as this scenario tells them."""
        found = super().found_summaries(asked)
        told = [self.summed(line) for line in found]
        if told != list(found):
            self.fired()
        return [line for line in told if line is not None]

    def summed(self, line: DaySummary) -> DaySummary | None:
        """The line as this scenario tells it; None where it leaves it out."""
        raise NotImplementedError

    def reductions(self, line: DaySummary, *verdicts: str) -> list[Decimal]:
        """The reductions of the line's records with such a verdict."""
        rows = self.book.records(line.business_day, line.scheme, "", EVERYTHING)
        return [Decimal(row.content["reduction_kg"]) for row in rows if row.verdict in verdicts]


@breaks("WRT-015", SUMS)
class SumsWhatIsHeld(Summing):
    """暂存记录的减排量也计入 / Adds the reductions of held records."""

    def summed(self, line: DaySummary) -> DaySummary | None:
        return replace(line, reduction_kg=sum(self.reductions(line, ACCEPTED, HELD), Decimal(0)))


@breaks("WRT-015", SUMS)
class SumsWhatIsRejected(Summing):
    """被拒绝记录的减排量也计入 / Adds the reductions of rejected records."""

    def summed(self, line: DaySummary) -> DaySummary | None:
        return replace(line, reduction_kg=sum(self.reductions(line, ACCEPTED, REJECTED), Decimal(0)))


@breaks("WRT-015", SUMS)
class SumsWholeGrams(Summing):
    """每条先截断到克再求和 / Cuts each reduction to grams before it adds them."""

    def summed(self, line: DaySummary) -> DaySummary | None:
        cut = (round(kilograms - Decimal("0.0005"), 3) for kilograms in self.reductions(line, ACCEPTED))
        return replace(line, reduction_kg=max(sum(cut, Decimal(0)), Decimal(0)))


@breaks("WRT-015", SUMS)
class CountsTheAcceptedAlone(Summing):
    """记录数只数已接受的 / Counts accepted records alone."""

    def summed(self, line: DaySummary) -> DaySummary | None:
        return replace(line, records=max(line.accepted, 1))


@breaks("WRT-015", SUMS)
class LeavesOutDaysWithoutReduction(Summing):
    """没有已接受记录的业务日不列出 / Leaves out days of which nothing was accepted."""

    def summed(self, line: DaySummary) -> DaySummary | None:
        return line if line.accepted else None


@breaks("WRT-015", SUMS)
class SumsAllSchemesTogether(Witnessed, Reported):
    """各场景类型合计为一行 / Adds the schemes of a day into the line of one of them."""

    def found_summaries(self, asked: Asked) -> Sequence[DaySummary]:
        by_day: dict[str, list[DaySummary]] = defaultdict(list)
        for line in super().found_summaries(replace(asked, limit=EVERYTHING)):
            by_day[line.business_day].append(line)
        if any(len(lines) > 1 for lines in by_day.values()):
            self.fired()
        return [_added(lines) for lines in by_day.values()][: asked.limit + 1]


def _added(lines: Sequence[DaySummary]) -> DaySummary:
    counted = {name: sum(getattr(line, name) for line in lines) for name in (ACCEPTED, HELD, REJECTED)}
    reduction = sum((line.reduction_kg for line in lines), Decimal(0))
    return replace(lines[0], records=sum(counted.values()), reduction_kg=reduction, **counted)


@breaks("WRT-015", SUMS)
class RoundsItsSums(Witnessed, Reported):
    """合计只写五位小数 / Tells its sums with five places."""

    def summary(self, row: DaySummary) -> dict[str, Any]:
        self.fired()
        shown = super().summary(row)
        return shown | {"reduction_kg": shown["reduction_kg"][:-1]}


@breaks("WRT-015", LINES)
class ListsTheLatestDayFirst(Witnessed, Reported):
    """日汇总倒序 / Lists the sums of the latest day first."""

    def page(
        self,
        request: HttpRequest,
        asked: Asked,
        listing: tuple[str, Sequence[Any]],
        places: Sequence[tuple[str, ...]],
    ) -> HttpResponse:
        answer = super().page(request, asked, listing, places)
        body = parse_json(answer.body)
        if len(body.get("summaries", ())) < 2:  # noqa: PLR2004  # a single line has no order
            return answer
        self.fired()
        return json_answer(body | {"summaries": body["summaries"][::-1]})
