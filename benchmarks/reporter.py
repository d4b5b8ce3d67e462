"""A scenario whose requests are made and signed before they are sent, so that only the platform is measured."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

from tenancy import example, moved_in

from tanpuhui.reference_client.client import Identity, ScenarioClient, operations_of
from tanpuhui.spec.message import HttpRequest
from tanpuhui.spec.signing import REQUEST_TAG, SigningKey, sign_request
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any


def random_id() -> str:
    """An id that says nothing of its time."""
    return str(uuid.uuid4())


def ordered_id() -> str:
    """An id in the order of time, as UUIDv7 is."""
    text = f"{time.time_ns() // 1_000_000:012x}7{uuid.uuid4().hex[13:]}"
    return str(uuid.UUID(text))


class Reporter:
    """A scenario that makes its requests before they are sent."""

    def __init__(self, control_url: str) -> None:
        self._sample, self._key = example("PV"), SigningKey.generate()
        limits = {"body_max_bytes": 8 << 20}
        self.base = moved_in(control_url, self._key, [self._sample], limits).partition("/.well-known")[0]
        who = Identity(f"{self.base}/.well-known/tanpuhui", "cli-1", self._key)
        with ScenarioClient(operations_of(who)) as client:
            self._token = client.token().value
            self._now: Callable[[], datetime] = client.operations.conversation.clock.now

    def requests(self, count: int, size: int, new_id: Callable[[], str] = random_id) -> list[HttpRequest]:
        """So many batches of new records, signed now."""
        return [
            self._signed([self._sample | {"record_id": new_id()} for _ in range(size)]) for _ in range(count)
        ]

    def _signed(self, records: list[dict[str, Any]]) -> HttpRequest:
        fields = (
            ("authorization", f"Bearer {self._token}"),
            ("content-type", "application/json"),
            ("idempotency-key", f'"{uuid.uuid4().hex}"'),
        )
        body = dump_json({"records": records})
        request = HttpRequest("POST", f"{self.base}/v1/activity-batches", fields, body)
        return sign_request(request, self._key, created=self._now(), nonce=uuid.uuid4().hex, tag=REQUEST_TAG)
