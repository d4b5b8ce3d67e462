"""Lists at the scenario read as the platform reads them: signed, page by page, with a word on what was asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urljoin

from tanpuhui.conformance.chance import token
from tanpuhui.conformance.recording.listing import LISTING
from tanpuhui.conformance.wire import Unreachable
from tanpuhui.spec.business_time import instant_text
from tanpuhui.spec.message import HttpRequest, HttpResponse
from tanpuhui.spec.signing import EVENT_TAG, sign_request

if TYPE_CHECKING:
    from datetime import datetime

    from tanpuhui.conformance.driving.stage import Stage

RECORDS, SUMMARIES = "/v1/records", "/v1/day-summaries"
_OPERATIONS: Mapping[str, str] = {RECORDS: "listReportedRecords", SUMMARIES: "listDaySummaries"}
_MOST_PAGES = 200


@dataclass(slots=True)
class Perusal:
    """One reader of one scenario's lists."""

    stage: Stage
    clock: Callable[[], datetime]
    nonces: Random

    @classmethod
    def at(cls, stage: Stage) -> Perusal:
        """Reads in the name of the platform, by its clock; how many pages there are shifts no other chance."""
        return cls(stage, stage.clock(), Random(stage.rng.randrange(2**32)))  # noqa: S311  # a test's nonces

    def read(self, path: str, asked: Mapping[str, str], meanwhile: Callable[[], None] | None = None) -> None:
        """Every page of a list; `meanwhile` happens after the first one, where there is another."""
        base = self.stage.stand.base_url
        address: str | None = f"{base}{path}?{urlencode(asked)}"
        seen: list[int] = []
        addresses: set[str] = set()
        while address is not None and self._may_read(address, addresses):
            addresses.add(address)
            following = _next(self._asked(path, address))
            seen.append(self.stage.recorder.last_exchange or 0)
            address = urljoin(address, following) if following is not None else None
            if meanwhile is not None and address is not None:
                meanwhile()
                meanwhile = None
        self.stage.recorder.note(
            LISTING, path=path, asked=dict(asked), exchanges=seen, ended=address is None, left=address or ""
        )

    def _may_read(self, address: str, addresses: set[str]) -> bool:
        """Only pages of this scenario, each once, and not without end."""
        own = address.startswith(f"{self.stage.stand.base_url}/")
        return own and address not in addresses and len(addresses) < _MOST_PAGES

    def _asked(self, path: str, address: str) -> HttpResponse | None:
        at, patience = self.clock(), self.stage.stand.times.event_ack_seconds
        request = HttpRequest("GET", address)
        key = self.stage.props.platform_key
        signed = sign_request(request, key, created=at, nonce=token(self.nonces, 24), tag=EVENT_TAG)
        try:
            answer: HttpResponse | None = self.stage.props.wire.send(signed, timeout=patience)
        except Unreachable:
            answer = None
        self.stage.recorder.exchanged(_OPERATIONS[path], signed, answer, instant_text(at))
        return answer


def _next(answer: HttpResponse | None) -> str | None:
    """Where the next page is, as the answer says."""
    if answer is None or answer.status != HTTPStatus.OK:
        return None
    try:
        body: Any = json.loads(answer.body)
    except ValueError:
        return None
    following = body.get("next") if isinstance(body, Mapping) else None
    return following if isinstance(following, str) else None
