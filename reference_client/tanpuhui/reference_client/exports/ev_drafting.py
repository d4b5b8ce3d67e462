"""Rows of a car's trips: one activity for each car and business day."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar

from tanpuhui.reference_client.exports.draft import Draft, Drawn, by_line
from tanpuhui.reference_client.exports.drafting import NORMAL, Drafting, utc_text
from tanpuhui.reference_client.exports.refusal import Refusal
from tanpuhui.reference_client.exports.trip import span
from tanpuhui.spec.business_time import business_day, parse_instant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tanpuhui.reference_client.exports.gathering import Gathering
    from tanpuhui.reference_client.exports.sheet import Cells


class EvDrafting(Drafting):
    """Trips by the car's telematics."""

    scheme: ClassVar[str] = "EV"
    series: ClassVar[bool] = True

    def draft(self, cells: Cells) -> Draft:
        """One trip."""
        start, end = span(cells)
        trip: dict[str, Any] = {
            "start": utc_text(start),
            "end": utc_text(end),
            "odometer_start_m": int(cells.needed("odometer_start")),
            "odometer_end_m": int(cells.needed("odometer_end")),
            "energy_wh": int(cells.needed("energy")),
            "state": cells.code("state", NORMAL),
        }
        if trip["odometer_end_m"] < trip["odometer_start_m"]:
            raise Refusal("odometer-fell")
        if trip["state"] != NORMAL:
            cells.note("state-abnormal", trip["state"])
        whose = self.whose(cells)
        key = f"{whose['device_id']} {cells.text('id') or trip['start']}"
        return Draft(cells.line, key, whose | {"trip": trip}, str(whose["device_id"]), trip["start"])

    def drawn(self, drafts: Gathering) -> Iterator[Drawn]:
        """One activity for each car and day of start."""
        for device in drafts.devices():
            for day, found in groupby(self._looked_at(drafts.of(device)), _day):
                yield self._of_day(f"{device}-{day}", list(found))

    def _of_day(self, name: str, drafts: Sequence[Draft]) -> Drawn:
        in_file = by_line(drafts)
        own = {name: value for name, value in in_file[0].content.items() if name != "trip"}
        trips = [draft.content["trip"] for draft in drafts]
        activity = {"activity_id": self.activity_id(name)} | own | {"trips": trips}
        return Drawn(activity, tuple(draft.line for draft in in_file))

    def _looked_at(self, drafts: Iterator[Draft]) -> Iterator[Draft]:
        """The same, told of odometers that are behind."""
        reached = 0
        for draft in drafts:
            trip = draft.content["trip"]
            if trip["odometer_start_m"] < reached:
                self.sheet.tally.add("odometer-behind", draft.line)
            reached = max(reached, trip["odometer_end_m"])
            yield draft


def _day(draft: Draft) -> str:
    return business_day(parse_instant(draft.at)).isoformat()
