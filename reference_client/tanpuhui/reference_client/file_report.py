"""Reports a file: reads it, shows what would be sent, or sends it and waits for the verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.activity import require_activities
from tanpuhui.reference_client.answers import Link
from tanpuhui.reference_client.errors import Unanswered
from tanpuhui.reference_client.linkbook import link_book
from tanpuhui.reference_client.outbox import Outbox
from tanpuhui.reference_client.scenario_parts import ScenarioParts
from tanpuhui.reference_client.store import Store
from tanpuhui.reference_client.summary import summary_of
from tanpuhui.reference_client.surroundings import Surroundings
from tanpuhui.reference_client.withholding import Circumstance
from tanpuhui.spec.limits import default_times

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tanpuhui.reference_client.errors import ScenarioError
    from tanpuhui.reference_client.scenario import Scenario
    from tanpuhui.reference_client.summary import Summary

_LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file holds, ready to be reported."""

    activities: Sequence[Mapping[str, Any]]
    skipped_lines: int


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a file, and why it is not done, if it is not."""

    summary: Summary
    failure: ScenarioError | None


def dry_run(loaded: Loaded, as_of: datetime) -> Summary:
    """What would be sent at that time if every link were active; nothing leaves this machine."""
    require_activities(loaded.activities)
    store, parts, around = Store(), ScenarioParts(), Surroundings()
    try:
        outbox = Outbox(store)
        outbox.load(loaded.activities)
        recipes = {scheme: recipe() for scheme, recipe in parts.recipes.items()}
        composing = parts.composing(outbox, recipes, around.chance)
        links = [_active(link_id) for link_id in {item["link_id"] for item in loaded.activities}]
        gate = parts.withholding(Circumstance(link_book(links, ()), default_times(), as_of))
        for activity in outbox.undone():
            composing.compose(activity, gate)
        return summary_of(outbox, loaded.activities, loaded.skipped_lines)
    finally:
        store.close()


def send(
    scenario: Scenario, loaded: Loaded, patience_seconds: float, look: Callable[[int, int], None]
) -> Sent:
    """Reports and waits; `look` is told again and again how many of how many records are settled."""
    scenario.load(loaded.activities)
    scenario.report()
    clock = scenario.connected.around.clock
    started = clock.local()
    while not scenario.wait_idle(_LOOK_SECONDS):
        status = scenario.status()
        settled = sum(status.records.values()) + status.refused
        look(settled, settled + status.outbox)
        if patience_seconds and (clock.local() - started).total_seconds() > patience_seconds:
            break
    found = summary_of(scenario.connected.desk.outbox, loaded.activities, loaded.skipped_lines)
    return Sent(
        found, scenario.connected.failure or (None if scenario.wait_idle(0) else Unanswered("waiting"))
    )


def _active(link_id: str) -> Link:
    return Link(link_id, "active", datetime.min.replace(tzinfo=UTC), None, 0)
