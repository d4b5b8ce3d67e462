"""Typed calls for a scenario, one per operation of the platform, for threads and for event loops.

    identity = Identity(discovery_url, client_id, SigningKey.from_jwk(private_jwk))
    with ScenarioClient(operations_of(identity)) as client:
        links = client.links()
        done = client.submit_batch(records, idempotency_key=stored_key)

Both clients sign, verify receipts, reuse tokens, keep the advertised pauses and repeat what was not answered
until it is answered or refused for good; `operations_of(identity, attempts_max=5)` makes them give up.
Whoever must survive a crash stores key and body before the first sending, as `Scenario` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from tanpuhui.reference_client.async_client import AsyncScenarioClient
from tanpuhui.reference_client.calling.errors import Stopped
from tanpuhui.reference_client.calling.identity import Identity
from tanpuhui.reference_client.calling.parts import operations_of
from tanpuhui.reference_client.calling.steps import Pause
from tanpuhui.reference_client.calling.waiting import Waiter
from tanpuhui.reference_client.wire import SyncWire
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import TracebackType

    from tanpuhui.reference_client.calling.answers import (
        Discovery,
        EventPage,
        Link,
        Methodology,
        RecordVerdict,
        ScenarioProfile,
        Submission,
    )
    from tanpuhui.reference_client.calling.credentials import Token
    from tanpuhui.reference_client.calling.devices import Calibration, Device, DeviceStateReport
    from tanpuhui.reference_client.calling.jobs import JobLook, Upload
    from tanpuhui.reference_client.calling.operations import Operations
    from tanpuhui.reference_client.calling.quality_reports import QualityReport
    from tanpuhui.reference_client.calling.steps import FrozenFile, Steps
    from tanpuhui.spec.message import HttpResponse
    from tanpuhui.spec.signing import PublicKeys

__all__ = ["AsyncScenarioClient", "Identity", "ScenarioClient", "operations_of"]

T = TypeVar("T")


class ScenarioClient:
    """The calls, one after the other."""

    def __init__(
        self,
        operations: Operations,
        *,
        wait: Callable[[float], None] | None = None,
    ) -> None:
        self.operations = operations
        self._wire = SyncWire()
        self._waiter = Waiter()
        self._wait = wait or self._waiter

    def run(self, steps: Steps[T]) -> T:
        """Drives steps to their end."""
        conversation = self.operations.conversation
        answer: HttpResponse | None = None
        try:
            while True:
                step, answer = steps.send(answer), None
                if isinstance(step, Pause):
                    self._wait(step.seconds)
                elif self._waiter.stopped:
                    raise Stopped
                else:
                    answer = self._wire.send(step, timeout=conversation.times.request_timeout_seconds)
        except StopIteration as end:
            value: T = end.value
            return value

    def discovery(self) -> Discovery:
        """The platform's addresses, limits and times, read afresh."""
        return self.run(self.operations.conversation.discover())

    def jwks(self) -> PublicKeys:
        """The platform's public keys, read afresh."""
        return self.run(self.operations.conversation.fetch_keys())

    def token(self) -> Token:
        """The access token in use, or a new one."""
        return self.run(self.operations.conversation.token())

    def scenario(self) -> ScenarioProfile:
        """This scenario as the platform knows it."""
        return self.run(self.operations.scenario())

    def links(self) -> tuple[Link, ...]:
        """All links."""
        return self.run(self.operations.links())

    def methodologies(self) -> tuple[Methodology, ...]:
        """The methodologies that the platform accounts by."""
        return self.run(self.operations.methodologies())

    def submit_batch(self, records: Sequence[Mapping[str, Any]], *, idempotency_key: str) -> Submission:
        """Sends records and brings back one verdict for each."""
        body = dump_json({"records": list(records)})
        return self.run(self.operations.submit_batch(body, idempotency_key, count=len(records)))

    def submit_upload(self, file: FrozenFile, *, idempotency_key: str) -> Upload:
        """Sends a file of records and brings back its job; the file is not to change any more."""
        return self.run(self.operations.submit_upload(file, idempotency_key))

    def job(self, job_id: str) -> JobLook:
        """How far the platform is with an upload."""
        return self.run(self.operations.job(job_id))

    def job_results(self, job_id: str) -> Iterator[RecordVerdict]:
        """The verdicts in the order of the lines; one page is in memory at a time."""
        first, address = 0, None
        while True:
            page = self.run(self.operations.result_page(job_id, first, address))
            yield from page.verdicts
            first, address = first + len(page.verdicts), page.next
            if address is None:
                return

    def register_device(self, device: Mapping[str, Any], *, idempotency_key: str) -> Device:
        """Registers a device."""
        return self.run(self.operations.register_device(device, idempotency_key))

    def devices(self) -> tuple[Device, ...]:
        """All registered devices."""
        return self.run(self.operations.devices())

    def add_calibration(
        self, device_id: str, calibration: Mapping[str, Any], *, idempotency_key: str
    ) -> Calibration:
        """Adds a certificate to a device."""
        return self.run(self.operations.add_calibration(device_id, calibration, idempotency_key))

    def report_device_state(
        self, device_id: str, state: Mapping[str, Any], *, idempotency_key: str
    ) -> DeviceStateReport:
        """Tells that a device's state changed."""
        return self.run(self.operations.report_device_state(device_id, state, idempotency_key))

    def quality_report(self, period: str, scheme: str | None = None) -> QualityReport:
        """The quality report of a business day (2026-03-01) or a month (2026-03)."""
        return self.run(self.operations.quality_report(period, scheme))

    def records(self, business_day: str | None = None) -> tuple[Mapping[str, Any], ...]:
        """The records as the platform keeps them."""
        return self.run(self.operations.records(business_day))

    def record(self, record_id: str) -> Mapping[str, Any]:
        """One record as the platform keeps it."""
        return self.run(self.operations.record(record_id))

    def events(self, after: int = 0) -> EventPage:
        """The events of the feed that follow a sequence number."""
        return self.run(self.operations.events(after))

    def stop(self) -> None:
        """Ends the pause that another thread may be in; its call raises `Stopped`."""
        self._waiter.stop()

    def close(self) -> None:
        """Gives the connections back."""
        self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
