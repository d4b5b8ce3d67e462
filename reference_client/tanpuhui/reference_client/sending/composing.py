"""Turns activities into records with ids that are stored before anything is sent (WRT-001)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.keeping.outbox import CORRECTABLE, READY, WITHHELD, Composed, Entry
from tanpuhui.reference_client.sending.withholding import MAY_PASS
from tanpuhui.spec.accounting import IncompleteActivity
from tanpuhui.spec.methodology import NoMethodology
from tanpuhui.spec.pv_day import InvalidReading
from tanpuhui.spec.quantity import InvalidQuantity
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from tanpuhui.reference_client.calling.chance import Chance
    from tanpuhui.reference_client.keeping.outbox import Activity, Outbox
    from tanpuhui.reference_client.recipes.recipe import Part, Recipe
    from tanpuhui.reference_client.sending.withholding import WithheldFor, Withholding


class Composing:
    """Writes the outbox."""

    def __init__(self, outbox: Outbox, recipes: Mapping[str, Recipe[Any]], chance: Chance) -> None:
        self.outbox = outbox
        self.recipes = recipes
        self.chance = chance

    def compose(self, activities: Sequence[Activity], withholding: Withholding) -> None:
        """Enters each part of some activities that is not on its way yet, all in one transaction."""
        known = self.outbox.entries_of([activity.activity_id for activity in activities])
        composed = [
            self._composed(activity, known.get(activity.activity_id, {}), withholding)
            for activity in activities
        ]
        self.outbox.enter(composed)

    def entries(
        self, activity: Activity, known: Mapping[str, Entry], withholding: Withholding
    ) -> Iterator[Entry]:
        """What is new about an activity's parts."""
        recipe = self.recipes[activity.content["scheme"]]
        for part in self.parts(recipe, activity):
            entry = known.get(part.name)
            if entry is not None and entry.state not in CORRECTABLE:
                continue
            record_id = entry.record_id if entry else self.record_id(activity, part, withholding.now)
            made = self._entry((recipe, activity, part), withholding, record_id)
            if _differs(made, entry):
                yield made

    def _composed(self, activity: Activity, known: Mapping[str, Entry], withholding: Withholding) -> Composed:
        news = tuple(self.entries(activity, known, withholding))
        now = {**known, **{made.part: made for made in news}}
        open_still = any(entry.state == WITHHELD and entry.reason in MAY_PASS for entry in now.values())
        return Composed(activity, news, done=not open_still)

    def parts(self, recipe: Recipe[Any], activity: Activity) -> Sequence[Part]:
        """What an activity is reported in (WRT-006, WRT-007)."""
        return recipe.parts(activity.content)

    def record_id(self, activity: Activity, part: Part, now: datetime) -> str:  # noqa: ARG002
        """A new id; it is made once for each part of an activity, stored, and used for ever."""
        return self.chance.time_ordered_id(now)

    def record(self, recipe: Recipe[Any], activity: Activity, part: Part, record_id: str) -> dict[str, Any]:
        """The record of a part."""
        return recipe.record(activity.content, part, record_id)

    def _entry(
        self, source: tuple[Recipe[Any], Activity, Part], withholding: Withholding, record_id: str
    ) -> Entry:
        part = source[2]
        try:
            record = self.record(*source, record_id)
        except NoMethodology:
            return _withheld(record_id, part, "exclusion", "methodology-not-effective")
        except (InvalidReading, InvalidQuantity, IncompleteActivity):
            return _withheld(record_id, part, "rule")
        reason = withholding.reason(record, part)
        if reason is not None:
            return _withheld(record_id, part, reason, withholding.detail(record, reason))
        return Entry(record_id, part.name, READY, body=dump_json(record))


def _withheld(record_id: str, part: Part, reason: WithheldFor, detail: str | None = None) -> Entry:
    return Entry(record_id, part.name, WITHHELD, reason, detail)


def _differs(made: Entry, entry: Entry | None) -> bool:
    """Whether there is news: what was refused comes back only with other content (WRT-005)."""
    if entry is None or entry.state == WITHHELD:
        return made != entry
    return made.body is not None and made.body != entry.body
