"""Requests of the platform to the scenario: signed as events are, sent, and told to the journal."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from tanpuhui.mock_platform.state.journal import exchanged
from tanpuhui.spec.business_time import instant_text
from tanpuhui.spec.document import document, operations
from tanpuhui.spec.event import MEDIA_TYPE
from tanpuhui.spec.message import HttpRequest, HttpResponse
from tanpuhui.spec.signing import EVENT_TAG, sign_request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.mock_platform.running import Platform
    from tanpuhui.mock_platform.state.journal import Entry
    from tanpuhui.mock_platform.state.tenant import Tenant
    from tanpuhui.mock_platform.wire import Failure


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a request: the answer or why there is none, and the entry for the journal."""

    answer: HttpResponse | Failure
    entry: Entry

    @property
    def accepted(self) -> bool:
        """Whether the scenario acknowledged with 2xx (EVT-002)."""
        return isinstance(self.answer, HttpResponse) and self.answer.status // 100 == 2  # noqa: PLR2004


def event_request(tenant: Tenant, body: bytes) -> HttpRequest:
    """The request that delivers an event, not yet signed."""
    path = next(path for (_, path), name in scenario_operations().items() if name == "receiveEvent")
    return HttpRequest("POST", f"{tenant.profile.callback_url}{path}", (("content-type", MEDIA_TYPE),), body)


async def send_event(platform: Platform, tenant: Tenant, body: bytes) -> Sent:
    """Deliver an event, signed now with a fresh nonce."""
    created = platform.tenants.now(tenant)
    request = event_request(tenant, body)
    signed = sign_request(request, tenant.key, created=created, nonce=platform.new_id(), tag=EVENT_TAG)
    return await send(platform, tenant, signed)


async def send(platform: Platform, tenant: Tenant, request: HttpRequest) -> Sent:
    """Send one request as it is."""
    at = platform.tenants.now(tenant)
    answer = await platform.wire.send(request, tenant.times.event_ack_seconds)
    response = answer if isinstance(answer, HttpResponse) else None
    told = {
        "direction": "outbound",
        "at": instant_text(at),
        "answered_at": instant_text(platform.tenants.now(tenant)),
        "operation": _operation_of(request),
        "lost": False,
        "fault": None,
        "problem": None,
        "observed": {} if response else {"failure": answer},
    }
    return Sent(answer, exchanged(request, response, told))


@cache
def scenario_operations() -> Mapping[tuple[str, str], str]:
    """The operations of the scenario's interface by method and path."""
    return {(each.method, each.path): each.operation_id for each in operations(document("scenario"))}


def _operation_of(request: HttpRequest) -> str | None:
    place = request.url.partition("?")[0]
    found = (
        name
        for (method, path), name in scenario_operations().items()
        if (method, True) == (request.method, place.endswith(path))
    )
    return next(found, None)
