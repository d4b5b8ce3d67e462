"""Rows of power by interval, as loggers export them: one activity for each plant and business day."""

from __future__ import annotations

from collections import Counter
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any, ClassVar

from tanpuhui.reference_client.calling.errors import InvalidInput, Text
from tanpuhui.reference_client.exports.draft import Draft, Drawn, by_line
from tanpuhui.reference_client.exports.drafting import NORMAL, Drafting, utc_text
from tanpuhui.spec.business_time import business_day, parse_instant
from tanpuhui.spec.pv_day import day_rules
from tanpuhui.spec.quantity import decimal_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tanpuhui.reference_client.exports.gathering import Gathering
    from tanpuhui.reference_client.exports.sheet import Cells

_DAY_SECONDS = 86_400
_WATTS_PER_KILOWATT = 1000


class PvDrafting(Drafting):
    """Mean power of a plant by interval; the day rules of annex A decide what a reading is worth."""

    scheme: ClassVar[str] = "PV"
    series: ClassVar[bool] = True
    once: ClassVar[bool] = False

    def draft(self, cells: Cells) -> Draft:
        """One reading."""
        at = utc_text(cells.instant("start"))
        power = cells.amount("power")
        if power is None:
            cells.note("power-missing")
        elif power < 0:
            cells.note("power-negative")
        state = cells.code("state", NORMAL)
        if state != NORMAL:
            cells.note("state-abnormal", state)
        reading = {"start": at, "power_w": None if power is None else decimal_text(power, 6), "state": state}
        content = self.whose(cells) | self._plant(cells) | {"reading": reading}
        device = str(content["device_id"])
        return Draft(cells.line, f"{device} {at}", content, device, at)

    def device_unnamed(self) -> str:
        """A file of one plant mostly does not name it; then the file's own name does."""
        named = self.sheet.terms.plant_id
        if named is None:
            return super().device_unnamed()
        self.sheet.tally.whole("device-from-file", named)
        return named

    def _plant(self, cells: Cells) -> dict[str, Any]:
        terms, watts = self.sheet.terms, cells.amount("capacity")
        capacity = terms.capacity_kw if watts is None else decimal_text(watts / _WATTS_PER_KILOWATT, 3)
        connected = cells.text("connected") or terms.grid_connected_on
        for option, value in (("--capacity-kw", capacity), ("--grid-connected-on", connected)):
            if value is None:
                raise _not_told(option)
        return {"capacity_kw": capacity, "grid_connected_on": connected}

    def drawn(self, drafts: Gathering) -> Iterator[Drawn]:
        """One activity for each plant and day, always under the same id, so that a file may be read again."""
        for device in drafts.devices():
            interval = self.sheet.terms.interval_seconds or interval_of(drafts.times(device))
            for day, found in groupby(drafts.of(device), _day):
                yield self._of_day(f"{device}-{day}", interval, list(found))

    def _of_day(self, name: str, interval: int, drafts: Sequence[Draft]) -> Drawn:
        self._note_runs(drafts)
        in_file = by_line(drafts)
        own = {name: value for name, value in in_file[0].content.items() if name != "reading"}
        activity = {"activity_id": self.activity_id(name)} | own | {"interval_seconds": interval}
        activity["readings"] = [draft.content["reading"] for draft in in_file]
        return Drawn(activity, tuple(draft.line for draft in in_file))

    def _note_runs(self, in_order: Sequence[Draft]) -> None:
        """Readings that stand still, and readings of one time."""
        for earlier, later in pairwise(in_order):
            if earlier.key == later.key:
                self.sheet.tally.add("reading-repeated", later.line)
        for power, run in groupby(in_order, key=lambda draft: draft.content["reading"]["power_w"]):
            lines = [draft.line for draft in run]
            if (
                power is not None
                and power.strip("-0.")
                and power[0] != "-"
                and len(lines) >= day_rules().stale_run
            ):
                for line in lines:
                    self.sheet.tally.add("power-stale", line)


def interval_of(times: Iterator[str]) -> int:
    """The interval that most neighbours keep; it has to divide the day (IND-006)."""
    starts = map(parse_instant, times)
    gaps = Counter(round((later - earlier).total_seconds()) for earlier, later in pairwise(starts))
    usual = next((gap for gap, _ in gaps.most_common() if gap > 0), 0)
    if usual < 1 or _DAY_SECONDS % usual:
        raise InvalidInput(
            Text("无法判断读数间隔", "the interval of the readings cannot be found out"),
            Text("用 --interval 给出整除一日的秒数", "name it with --interval, in seconds that divide a day"),
            "IND-006",
        )
    return usual


def _day(draft: Draft) -> str:
    return business_day(parse_instant(draft.at)).isoformat()


def _not_told(option: str) -> InvalidInput:
    return InvalidInput(
        Text(
            "文件没有说明电站的装机容量或并网日期",
            "the file does not tell the plant's capacity or connection",
        ),
        Text(f"用 {option} 给出", f"name it with {option}"),
        "IND-005",
    )
