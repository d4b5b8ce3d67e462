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

import asyncio
from typing import TYPE_CHECKING, Any, Self, TypeVar

from tanpuhui.reference_client.errors import Stopped
from tanpuhui.reference_client.identity import Identity
from tanpuhui.reference_client.parts import operations_of
from tanpuhui.reference_client.steps import Pause
from tanpuhui.reference_client.waiting import Waiter
from tanpuhui.reference_client.wire import AsyncWire, SyncWire
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from types import TracebackType

    from tanpuhui.reference_client.answers import (
        Discovery,
        EventPage,
        Link,
        Methodology,
        ScenarioProfile,
        Submission,
    )
    from tanpuhui.reference_client.credentials import Token
    from tanpuhui.reference_client.operations import Operations
    from tanpuhui.reference_client.steps import Steps
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
