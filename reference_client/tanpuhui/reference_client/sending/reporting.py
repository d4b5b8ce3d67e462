"""One report: first what the platform says, then what must not be sent, then the rest in batches."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol

from tanpuhui.reference_client.calling.errors import InvalidAnswer, Refused, Text
from tanpuhui.reference_client.calling.steps import Pause
from tanpuhui.reference_client.keeping.entry import READY
from tanpuhui.reference_client.sending.bulk import UPLOAD, BulkReporting
from tanpuhui.reference_client.sending.withholding import Circumstance
from tanpuhui.reference_client.shape import event_faults
from tanpuhui.spec.business_time import parse_instant
from tanpuhui.spec.limits import default_limits
from tanpuhui.spec.problem import problem_types

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tanpuhui.reference_client.calling.answers import Discovery, Link, Submission
    from tanpuhui.reference_client.calling.steps import Steps
    from tanpuhui.reference_client.calling.surroundings import Surroundings
    from tanpuhui.reference_client.client import ScenarioClient
    from tanpuhui.reference_client.keeping.desk import Desk
    from tanpuhui.reference_client.keeping.devicebook import DeviceBook
    from tanpuhui.reference_client.keeping.outbox import OpenBatch, Ready
    from tanpuhui.reference_client.recipes.recipe import Recipe
    from tanpuhui.reference_client.sending.batching import Batching
    from tanpuhui.reference_client.sending.composing import Composing
    from tanpuhui.reference_client.sending.registering import Registering
    from tanpuhui.reference_client.sending.settling import Settling
    from tanpuhui.reference_client.sending.uploading import Uploading
    from tanpuhui.reference_client.sending.withholding import Withholding

SUBMIT = "submitBatch"
REPORT_BY = "report-by"
BY_BATCHES, BY_UPLOADS, AS_FITS = "batches", "uploads", "auto"
_PAGE = 1000
_OF_CONTENT = frozenset({400, 413, 415, 422})
"""Refusals of one batch's content; the next batch may fare better."""
_FORBIDDEN = tuple(code for code, kind in problem_types().items() if kind.status == HTTPStatus.FORBIDDEN)
"""Refusals of the asker, not of what was asked: the same may be let in once the right was granted."""


class ReportParts(Protocol):
    """The parts of a scenario that a report needs."""

    @property
    def recipes(self) -> Mapping[str, type[Recipe[Any]]]:
        """From raw data to records, by scheme."""

    @property
    def composing(self) -> type[Composing]:
        """Writes the outbox."""

    @property
    def registering(self) -> type[Registering]:
        """Tells the platform of devices."""

    @property
    def withholding(self) -> type[Withholding]:
        """Holds back what must not be sent."""

    @property
    def batching(self) -> type[Batching]:
        """Makes batches."""

    @property
    def uploading(self) -> type[Uploading]:
        """Makes uploads."""

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
        self.registering = parts.registering(desk, client, around)
        self.devices: DeviceBook | None = None
        self.bulk = BulkReporting(desk, client, around, self.settling)

    def run(self) -> None:
        """Reports everything that is loaded and due."""
        discovery = self.discover()
        self.client.token()
        self.desk.inbox.replace_links(self.links())
        self.catch_up()
        self.devices = self.registering.run()
        self.compose(self.withholding(discovery))
        for problem in _FORBIDDEN:
            self.desk.outbox.release(problem)
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
            self.composing.compose(page, withholding)

    def withholding(self, discovery: Discovery) -> Withholding:
        """The gate under the circumstances of this moment."""
        links, now = self.desk.inbox.links(), self.around.clock.now()
        return self.parts.withholding(Circumstance(links, discovery.times, now, self.devices))

    def next_batch(self, batching: Batching, discovery: Discovery) -> OpenBatch | None:
        """The batch that was left open, or else a new one, frozen before it is sent."""
        outbox = self.desk.outbox
        left = outbox.open_batch()
        if left is not None:
            return left
        if self.desk.inbox.gap():
            self.catch_up()
        gate = self.withholding(discovery)
        if not self.frozen_upload(batching, gate):
            chosen = batching.chosen(self.admissible(batching.count_max(), gate))
            if not chosen:
                return None
            told = [self.told(batching, item) for item in chosen]
            outbox.freeze(chosen, batching.body(told), batching.idempotency_key())
        return outbox.open_batch()

    def frozen_upload(self, batching: Batching, gate: Withholding) -> bool:
        """Whether an upload was made of what is ready; where not, it travels in batches."""
        if not self.by_upload():
            return False

        def ready() -> Iterator[Ready]:
            after = 0
            while page := self.admissible(_PAGE, gate, after):
                yield from page
                after = page[-1].position

        return self.bulk.freeze(self.uploading(), ready, lambda item: self.told(batching, item))

    def by_upload(self) -> bool:
        """Whether the records go by upload: as was asked for, or where there are many."""
        how = self.desk.store.get(REPORT_BY)
        if how == AS_FITS:
            return self.uploading().is_worth(self.desk.outbox.counts().get(READY, 0))
        return how == BY_UPLOADS

    def uploading(self) -> Uploading:
        """The decisions about uploads, under the limits in force."""
        discovery = self.around.known.discovery
        limits = discovery.limits if discovery else default_limits()
        return self.parts.uploading(limits, self.around.chance)

    def told(self, batching: Batching, item: Ready) -> bytes:
        """A record as it goes out; kept where it differs from what was composed."""
        words = batching.as_sent(item.body)
        if words != item.body:
            self.desk.outbox.keep_told(item, words)
        return words

    def admissible(self, count: int, withholding: Withholding, after: int = 0) -> Sequence[Ready]:
        """The next records; those whose link was ended while they waited are held back (LNK-003)."""
        while waiting := self.desk.outbox.ready(count, after):
            fit = []
            for item in waiting:
                if self.still_admissible(item, withholding):
                    fit.append(item)
                else:
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
            if batch.upload is not None:
                self.bulk.deliver(batch, batch.upload, self.uploading())
            else:
                self.settle(batch, self.client.run(self.sending(batch)))
        except Refused as refused:
            if refused.operation not in {SUBMIT, UPLOAD}:
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
            self.desk.outbox.name_receipt(batch, done.answer.receipt_id)
            self.desk.outbox.settle(batch, settled)
