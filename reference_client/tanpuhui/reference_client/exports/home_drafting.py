"""Rows of a household's registers: one activity for each meter and calendar month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from tanpuhui.reference_client.exports.draft import Draft, Drawn
from tanpuhui.reference_client.exports.drafting import NORMAL, Drafting, utc_text
from tanpuhui.spec.business_time import business_day, month_span, parse_instant
from tanpuhui.spec.home_month import parse_month

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tanpuhui.reference_client.exports.gathering import Gathering
    from tanpuhui.reference_client.exports.sheet import Cells

_REGISTERS = ("peak_wh", "valley_wh")


class HomeDrafting(Drafting):
    """Readings of cumulative registers."""

    scheme: ClassVar[str] = "HOME"
    series: ClassVar[bool] = True

    def draft(self, cells: Cells) -> Draft:
        """One reading, with what the row says of the household."""
        at = utc_text(cells.instant("start"))
        reading: dict[str, Any] = {
            "at": at,
            "peak_wh": int(cells.needed("peak")),
            "valley_wh": int(cells.needed("valley")),
            "state": cells.code("state", NORMAL),
        }
        if reading["state"] != NORMAL:
            cells.note("state-abnormal", reading["state"])
        terms = {
            "baseline_wh": int(cells.needed("baseline")),
            "tier": cells.count("tier"),
            "has_pv": cells.code("has_pv") == "yes",
        }
        whose = self.whose(cells)
        device = str(whose["device_id"])
        return Draft(cells.line, f"{device} {at}", whose | {"terms": terms, "reading": reading}, device, at)

    def drawn(self, drafts: Gathering) -> Iterator[Drawn]:
        """One activity for each meter and month; a reading at a month's end closes it and opens the next."""
        for device in drafts.devices():
            month, inside = "", list[Draft]()
            for draft in self._looked_at(drafts.of(device)):
                new = _month(draft)
                if inside and new != month:
                    closes = parse_instant(draft.at) == month_span(parse_month(month))[1]
                    yield from self._month(device, month, [*inside, draft] if closes else inside)
                    inside = []
                month = new
                inside.append(draft)
            if inside:
                yield from self._month(device, month, inside)

    def _month(self, device: str, month: str, drafts: Sequence[Draft]) -> Iterator[Drawn]:
        start, end = month_span(parse_month(month))
        ends = {parse_instant(draft.at) for draft in (drafts[0], drafts[-1])}
        if ends == {start}:
            return  # it only closes the month before
        if ends != {start, end}:
            for draft in drafts:
                self.sheet.tally.add("month-open", draft.line, month)
        first = drafts[0].content
        activity: dict[str, Any] = {"activity_id": self.activity_id(f"{device}-{month}")}
        activity |= {name: value for name, value in first.items() if name not in {"terms", "reading"}}
        activity["months"] = [{"month": month} | first["terms"]]
        activity["readings"] = [draft.content["reading"] for draft in drafts]
        yield Drawn(activity, tuple(draft.line for draft in drafts))

    def _looked_at(self, drafts: Iterator[Draft]) -> Iterator[Draft]:
        """The same, told of registers that fell or stood still."""
        earlier: Draft | None = None
        for later in drafts:
            if earlier is not None:
                self._note_registers(earlier, later)
            yield later
            earlier = later

    def _note_registers(self, earlier: Draft, later: Draft) -> None:
        moved = [later.content["reading"][name] - earlier.content["reading"][name] for name in _REGISTERS]
        if min(moved) < 0:
            self.sheet.tally.add("register-fell", later.line)
        elif not any(moved):
            self.sheet.tally.add("register-stale", later.line)


def _month(draft: Draft) -> str:
    """The month in which a reading stands."""
    return f"{business_day(parse_instant(draft.content['reading']['at'])):%Y-%m}"
