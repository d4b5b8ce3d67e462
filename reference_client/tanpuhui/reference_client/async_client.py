"""The typed calls on an event loop: the same protocol as `client`, call by call."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self, TypeVar

from tanpuhui.reference_client.calling.steps import Pause
from tanpuhui.reference_client.wire import AsyncWire
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
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

T = TypeVar("T")


class AsyncScenarioClient:
    """The same calls on an event loop; cancelling a call ends its pause."""

    def __init__(
        self,
        operations: Operations,
        *,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.operations = operations
        self._wire = AsyncWire()
        self._wait = wait

    async def run(self, steps: Steps[T]) -> T:
        """Drives steps to their end."""
        conversation = self.operations.conversation
        answer: HttpResponse | None = None
        try:
            while True:
                step, answer = steps.send(answer), None
                if isinstance(step, Pause):
                    await self._wait(step.seconds)
                else:
                    answer = await self._wire.send(step, timeout=conversation.times.request_timeout_seconds)
        except StopIteration as end:
            value: T = end.value
            return value

    async def discovery(self) -> Discovery:
        """The platform's addresses, limits and times, read afresh."""
        return await self.run(self.operations.conversation.discover())

    async def jwks(self) -> PublicKeys:
        """The platform's public keys, read afresh."""
        return await self.run(self.operations.conversation.fetch_keys())

    async def token(self) -> Token:
        """The access token in use, or a new one."""
        return await self.run(self.operations.conversation.token())

    async def scenario(self) -> ScenarioProfile:
        """This scenario as the platform knows it."""
        return await self.run(self.operations.scenario())

    async def links(self) -> tuple[Link, ...]:
        """All links."""
        return await self.run(self.operations.links())

    async def methodologies(self) -> tuple[Methodology, ...]:
        """The methodologies that the platform accounts by."""
        return await self.run(self.operations.methodologies())

    async def submit_batch(self, records: Sequence[Mapping[str, Any]], *, idempotency_key: str) -> Submission:
        """Sends records and brings back one verdict for each."""
        body = dump_json({"records": list(records)})
        return await self.run(self.operations.submit_batch(body, idempotency_key, count=len(records)))

    async def submit_upload(self, file: FrozenFile, *, idempotency_key: str) -> Upload:
        """Sends a file of records and brings back its job; the file is not to change any more."""
        return await self.run(self.operations.submit_upload(file, idempotency_key))

    async def job(self, job_id: str) -> JobLook:
        """How far the platform is with an upload."""
        return await self.run(self.operations.job(job_id))

    async def job_results(self, job_id: str) -> AsyncIterator[RecordVerdict]:
        """The verdicts in the order of the lines; one page is in memory at a time."""
        first, address = 0, None
        while True:
            page = await self.run(self.operations.result_page(job_id, first, address))
            for verdict in page.verdicts:
                yield verdict
            first, address = first + len(page.verdicts), page.next
            if address is None:
                return

    async def register_device(self, device: Mapping[str, Any], *, idempotency_key: str) -> Device:
        """Registers a device."""
        return await self.run(self.operations.register_device(device, idempotency_key))

    async def devices(self) -> tuple[Device, ...]:
        """All registered devices."""
        return await self.run(self.operations.devices())

    async def add_calibration(
        self, device_id: str, calibration: Mapping[str, Any], *, idempotency_key: str
    ) -> Calibration:
        """Adds a certificate to a device."""
        return await self.run(self.operations.add_calibration(device_id, calibration, idempotency_key))

    async def report_device_state(
        self, device_id: str, state: Mapping[str, Any], *, idempotency_key: str
    ) -> DeviceStateReport:
        """Tells that a device's state changed."""
        return await self.run(self.operations.report_device_state(device_id, state, idempotency_key))

    async def quality_report(self, period: str, scheme: str | None = None) -> QualityReport:
        """The quality report of a business day (2026-03-01) or a month (2026-03)."""
        return await self.run(self.operations.quality_report(period, scheme))

    async def records(self, business_day: str | None = None) -> tuple[Mapping[str, Any], ...]:
        """The records as the platform keeps them."""
        return await self.run(self.operations.records(business_day))

    async def record(self, record_id: str) -> Mapping[str, Any]:
        """One record as the platform keeps it."""
        return await self.run(self.operations.record(record_id))

    async def events(self, after: int = 0) -> EventPage:
        """The events of the feed that follow a sequence number."""
        return await self.run(self.operations.events(after))

    async def aclose(self) -> None:
        """Gives the connections back."""
        await self._wire.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
