"""第 5.5 节 地域的缺陷 / Sins against clause 5.5: where an activity was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.rewriting import Record, Rewriting
from tanpuhui.reference_client.sending.composing import Composing
from tanpuhui.reference_client.sins.sin import breaks
from tanpuhui.reference_client.witness import Witnessed

if TYPE_CHECKING:
    from tanpuhui.reference_client.keeping.outbox import Activity
    from tanpuhui.reference_client.recipes.recipe import Part, Recipe

DISTRICT = "names-the-district-of-the-activity"
SEAT, CITY, INSIDE = "310101", "310000", "310"


@breaks("IND-007", DISTRICT, scene="first_report")
class NamesItsSeatForAll(Rewriting):
    """一律写运营单位所在区 / Names the district of the operator's seat for everything."""

    def told(self, record: Record) -> Record:
        return record | {"district_code": SEAT}


@breaks("IND-007", DISTRICT, scene="first_report")
class NamesTheCityAlone(Rewriting):
    """只写到市 / Names the city and no district."""

    def told(self, record: Record) -> Record:
        return record | {"district_code": CITY}


@breaks("ACC-004", "leaves-out-what-the-methodology-excludes", scene="truth")
class CallsTheOutsideInside(Witnessed, Composing):
    """市外的活动写作市内 / Says of activities outside the city that they were inside."""

    def record(self, recipe: Recipe[Any], activity: Activity, part: Part, record_id: str) -> dict[str, Any]:
        found = super().record(recipe, activity, part, record_id)
        if found["district_code"].startswith(INSIDE):
            return found
        self.fired()
        return found | {"district_code": SEAT}
