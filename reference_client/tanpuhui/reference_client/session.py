"""A scenario at work with one platform: its desk, its client, its sender and its reception."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.calling.errors import Misconfigured, Refused, ScenarioError, Stopped, Text
from tanpuhui.reference_client.calling.notices import Answered, Sending, Waiting, unheard
from tanpuhui.reference_client.calling.parts import operations_of
from tanpuhui.reference_client.client import ScenarioClient
from tanpuhui.reference_client.keeping.desk import desk_on
from tanpuhui.reference_client.keeping.outbox import REFUSED
from tanpuhui.reference_client.keeping.reportbook import ReportBook
from tanpuhui.reference_client.sending.bulk import UPLOAD
from tanpuhui.reference_client.sending.reporting import BY_BATCHES, REPORT_BY, SUBMIT
from tanpuhui.reference_client.status import status_of
from tanpuhui.reference_client.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from tanpuhui.reference_client.calling.identity import Identity
    from tanpuhui.reference_client.calling.notices import Notice
    from tanpuhui.reference_client.calling.surroundings import Surroundings
    from tanpuhui.reference_client.keeping.store import Store
    from tanpuhui.reference_client.scenario_parts import ScenarioParts
    from tanpuhui.reference_client.status import Status

REPORT_WANTED = "report-wanted"
_ENDING_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Setup:
    """Which platform, and who the scenario is to it."""

    identity: Identity
    scenario_id: str


class Session:
    """Takes up its work where an earlier one was killed."""

    def __init__(self, setup: Setup, store: Store, parts: ScenarioParts, around: Surroundings) -> None:
        self.setup, self.store = setup, store
        self.desk = desk_on(store, parts.inbox)
        self.last_problem: str | None = None
        self.failure: ScenarioError | None = None
        self._troubled = False
        self._listener: Callable[[Notice], None] = around.notify
        around = replace(around, notify=self.hear)
        self.around = around
        self.client = ScenarioClient(operations_of(setup.identity, parts=parts.client, around=around))
        quiet = replace(around, notify=unheard)
        self._asking = ScenarioClient(
            operations_of(setup.identity, parts=parts.client, around=quiet, attempts_max=1)
        )
        self.reporting = parts.reporting(self.desk, self.client, parts, around)
        self._worker = Worker(self.work)
        doorkeeper = parts.doorkeeper(self._asking, around, store)
        self.reception = parts.reception(doorkeeper, self.desk.inbox, self._worker.want)
        self.reported = parts.reported(self.reception, ReportBook(store))
        if store.get(REPORT_WANTED):
            self._worker.want()

    def public_jwks(self) -> list[dict[str, Any]]:
        """The keys that the platform has to know of this scenario."""
        return self.client.operations.conversation.party.sealing.public_jwks()

    def report(self, by: str = BY_BATCHES) -> None:
        """Asks for a report, in batches, by uploads or as fits; the wish survives a crash."""
        with self.store.changing():
            self.store.put(REPORT_BY, by)
            self.store.put(REPORT_WANTED, self.around.chance.token())
        self._worker.want()

    def work(self) -> None:
        """One round of the sender: a report if one is wanted, else the events that are missing."""
        wanted = self.store.get(REPORT_WANTED)
        self.failure = None
        try:
            if wanted:
                self.reporting.run()
            elif self.desk.inbox.gap():
                self.reporting.catch_up()
        except Stopped:
            raise
        except (sqlite3.Error, OSError):
            self.failure = _disk_failure()
            return
        except ScenarioError as error:
            self.failure = error
        with self.store.changing():
            if wanted and self.store.get(REPORT_WANTED) == wanted:
                self.store.put(REPORT_WANTED, "")

    def hear(self, notice: Notice) -> None:
        """Writes down when a batch may go out again, before it goes out now (CAL-004)."""
        if isinstance(notice, Answered):
            self.last_problem = notice.problem or self.last_problem
            self._troubled = notice.problem is not None
        if isinstance(notice, Waiting):
            self.last_problem, self._troubled = notice.cause.split(" ")[0], True
        if isinstance(notice, Sending | Waiting) and notice.call.operation in {SUBMIT, UPLOAD}:
            again = self.around.clock.local() + timedelta(seconds=notice.delay)
            self.desk.outbox.postpone(notice.call.idempotency_key or "", notice.failures, again)
        self._listener(notice)

    def status(self) -> Status:
        """How far reporting is."""
        problem = self.last_problem if self.failure is None else _code(self.failure)
        return status_of(self.desk.outbox, idle=self._worker.idle, last_problem=problem)

    def condition(self) -> str:
        """`degraded` while the platform does not answer or something was refused for good."""
        return "degraded" if self._troubled or self.desk.outbox.counts().get(REFUSED, 0) else "ok"

    def wait_idle(self, seconds: float) -> bool:
        """Waits until nothing is left to do."""
        return self._worker.wait_idle(seconds)

    def close(self) -> None:
        """Stops without losing anything: what was not answered is taken up again by the next session."""
        self.client.stop()
        self._asking.stop()
        self._worker.end(_ENDING_SECONDS)
        self.store.close()
        self.client.close()
        self._asking.close()


def _code(failure: ScenarioError) -> str:
    if isinstance(failure, Refused):
        return failure.problem.code or str(failure.problem.status)
    return failure.requirement


def _disk_failure() -> Misconfigured:
    return Misconfigured(
        Text("发件箱无法读写", "the outbox cannot be read or written"),
        Text("检查磁盘空间和权限后再次报送", "check disk space and permissions, then report again"),
        "WRT-001",
    )
