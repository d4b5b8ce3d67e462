"""One report: first what the platform says, then what must not be sent, then the rest in batches."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from tanpuhui.reference_client.errors import InvalidAnswer, Refused, Text
from tanpuhui.reference_client.shape import event_faults
from tanpuhui.reference_client.steps import Pause
from tanpuhui.reference_client.withholding import Circumstance
from tanpuhui.spec.business_time import parse_instant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tanpuhui.reference_client.answers import Discovery, Link, Submission
    from tanpuhui.reference_client.batching import Batching
    from tanpuhui.reference_client.client import ScenarioClient
    from tanpuhui.reference_client.composing import Composing
    from tanpuhui.reference_client.desk import Desk
    from tanpuhui.reference_client.outbox import OpenBatch, Ready
    from tanpuhui.reference_client.recipes.recipe import Recipe
    from tanpuhui.reference_client.settling import Settling
    from tanpuhui.reference_client.steps import Steps
    from tanpuhui.reference_client.surroundings import Surroundings
    from tanpuhui.reference_client.withholding import Withholding

SUBMIT = "submitBatch"
_OF_CONTENT = frozenset({400, 413, 415, 422})
"""Refusals of one batch's content; the next batch may fare better."""


class ReportParts(Protocol):
    """The parts of a scenario that a report needs."""

    @property
    def recipes(self) -> Mapping[str, type[Recipe[Any]]]:
        """From raw data to records, by scheme."""

    @property
    def composing(self) -> type[Composing]:
        """Writes the outbox."""

    @property
    def withholding(self) -> type[Withholding]:
        """Holds back what must not be sent."""

    @property
    def batching(self) -> type[Batching]:
        """Makes batches."""

    @property
    def settling(self) -> type[Settling]:
        """Takes the verdicts."""


class Reporting:
    """The order of a report; each method is one step of it."""

    def __init__(self, desk: Desk, client: ScenarioClient, parts: ReportParts, around: Surroundings) -> None:
        self.desk, self.client, self.around = desk, client, around
        self.parts = parts
        recipes = {scheme: recipe() for scheme, recipe in parts.recipes.items()}
        self.composing = parts.composing(desk.outbox, recipes, around.chance)
        self.settling = parts.settling()

    def run(self) -> None:
        """Reports everything that is loaded and due."""
        discovery = self.discover()
        self.client.token()
        self.desk.inbox.replace_links(self.links())
        self.catch_up()
        self.compose(self.withholding(discovery))
        batching = self.parts.batching(discovery.limits, self.around.chance)
        while (batch := self.next_batch(batching, discovery)) is not None:
            self.deliver(batch)

    def discover(self) -> Discovery:
        """The discovery document, afresh for each report (API-002)."""
        return self.client.discovery()

    def links(self) -> Sequence[Link]:
        """All links, afresh for each report."""
        return self.client.links()

    def catch_up(self) -> None:
        """The events that were missed (EVT-005)."""
        after = self.desk.inbox.position()
        while True:
            page = self.client.events(after)
            for event in page.events:
                if not event_faults(event):
                    self.desk.inbox.accept(event)
            self.desk.inbox.caught_up(page.next_after)
            if not page.more:
                return
            if page.next_after <= after:
                raise InvalidAnswer(Text("事件流没有前进", "the feed of events does not go on"), "EVT-005")
            after = page.next_after

    def compose(self, withholding: Withholding) -> None:
        """Writes everything that is due into the outbox, before anything of it is sent (WRT-001)."""
        for page in self.desk.outbox.undone_pages():
            with self.desk.store.changing():
                for activity in page:
                    self.composing.compose(activity, withholding)

    def withholding(self, discovery: Discovery) -> Withholding:
        """The gate under the circumstances of this moment."""
        links, now = self.desk.inbox.links(), self.around.clock.now()
        return self.parts.withholding(Circumstance(links, discovery.times, now))

    def next_batch(self, batching: Batching, discovery: Discovery) -> OpenBatch | None:
        """The batch that was left open, or else a new one, frozen before it is sent."""
        outbox = self.desk.outbox
        left = outbox.open_batch()
        if left is not None:
            return left
        if self.desk.inbox.gap():
            self.catch_up()
        ready = self.admissible(batching.count_max(), self.withholding(discovery))
        if not ready:
            return None
        chosen = batching.chosen(ready)
        outbox.freeze(chosen, batching.body([item.body for item in chosen]), batching.idempotency_key())
        return outbox.open_batch()

    def admissible(self, count: int, withholding: Withholding) -> Sequence[Ready]:
        """The next records; those whose link was ended while they waited are held back (LNK-003)."""
        while waiting := self.desk.outbox.ready(count):
            fit = [item for item in waiting if self.still_admissible(item, withholding)]
            for item in waiting:
                if item not in fit:
                    self.desk.outbox.withhold(item, "link")
            if fit:
                return fit
        return []

    def still_admissible(self, item: Ready, withholding: Withholding) -> bool:
        """Whether a record that waited may still be sent."""
        record = json.loads(item.body)
        return withholding.link_active(record["link_id"], parse_instant(record["activity_start"]))

    def deliver(self, batch: OpenBatch) -> None:
        """Sends a batch until it has its verdicts or is refused for good (CAL-003, CAL-005)."""
        try:
            self.settle(batch, self.client.run(self.sending(batch)))
        except Refused as refused:
            if refused.operation != SUBMIT:
                raise
            self.park(batch, refused)
            if refused.problem.status not in _OF_CONTENT:
                raise

    def park(self, batch: OpenBatch, refused: Refused) -> None:
        """Sets a refused batch aside, with the receipt that proves the refusal (CAL-005)."""
        with self.desk.store.changing():
            if refused.receipt is not None:
                self.desk.outbox.keep_receipt(batch, refused.receipt, self.around.clock.now())
            self.desk.outbox.park(batch, refused.problem.code or str(refused.problem.status))

    def sending(self, batch: OpenBatch) -> Steps[Submission]:
        """Waits for the batch's turn, which a restart does not bring nearer, and sends it (CAL-004)."""
        if batch.not_before is not None:
            yield Pause((batch.not_before - self.around.clock.local()).total_seconds())
        operations = self.client.operations
        return (
            yield from operations.submit_batch(
                batch.body, batch.idempotency_key, count=batch.count, failures=batch.failures
            )
        )

    def settle(self, batch: OpenBatch, done: Submission) -> None:
        """Keeps the receipt and gives each record its state, in one transaction."""
        settled = [self.settling.settled(verdict) for verdict in done.answer.verdicts]
        with self.desk.store.changing():
            self.desk.outbox.keep_receipt(batch, done.receipt, self.around.clock.now())
            self.desk.outbox.settle(batch, settled)
