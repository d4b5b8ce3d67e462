"""One recorded exchange as checks see it: typed, read-only, and honest about what could not be decoded."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.recording.masking import SECRET_KINDS
from tanpuhui.conformance.verdict import Text
from tanpuhui.spec.business_time import parse_instant
from tanpuhui.spec.message import HttpRequest, HttpResponse
from tanpuhui.spec.problem import code_of, problem_types
from tanpuhui.spec.strict_json import StrictJsonError, parse_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tanpuhui.conformance.recording.transcript import Entry

INBOUND, OUTBOUND = "inbound", "outbound"
_OK, _ERROR, _TOO_MANY, _SERVER_ERROR = 200, 400, 429, 500
_LONGEST_TEXT = 65536


@dataclass(frozen=True, slots=True)
class Decoded:
    """A JSON value, or in words why there is none."""

    value: Any = None
    error: Text | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that the judge armed on its platform, as it was armed."""

    id: str
    kind: str
    operation: str | None
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mask:
    """Something that was taken out at capture: where it stood and of what kind it was."""

    place: str
    kind: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and, if there was one, its answer; times are the platform's."""

    seq: int
    scene: str
    direction: str
    operation: str | None
    at: datetime
    answered_at: datetime | None
    request: HttpRequest
    response: HttpResponse | None
    lost: bool
    fault: Fault | None
    problem: str | None
    observed: Mapping[str, Any]
    masked: tuple[Mask, ...]
    slow: bool = False

    @property
    def inbound(self) -> bool:
        """The scenario called the platform."""
        return self.direction == INBOUND

    @property
    def status(self) -> int | None:
        """The status that reached the caller, None where nothing did."""
        return self.response.status if self.response is not None and not self.lost else None

    @property
    def answered_ok(self) -> bool:
        """The caller got a 2xx."""
        return self.status is not None and self.status // 100 == _OK // 100

    @property
    def refused(self) -> bool:
        """The caller got a 4xx or 5xx."""
        return self.status is not None and self.status >= _ERROR

    @property
    def problem_code(self) -> str | None:
        """The registered code of the problem in the answer, None where there is none."""
        if self.problem is not None or not self.refused:
            return self.problem
        body = self.answer.value
        uri = body.get("type") if isinstance(body, dict) else None
        return code_of(uri) if isinstance(uri, str) else None

    @property
    def retryable(self) -> bool:
        """The same request may succeed later: no answer, 5xx, or a problem that says so (CAL-003)."""
        if self.status is None:
            return True
        known = problem_types().get(self.problem_code or "")
        return known.retryable if known else self.status >= _SERVER_ERROR or self.status == _TOO_MANY  # HTTP

    @property
    def body_intact(self) -> bool:
        """Nothing was masked in the request's body, so digests and signatures can be checked offline."""
        return not any(mask.place == "request.body" for mask in self.masked)

    @property
    def request_intact(self) -> bool:
        """Nothing at all was masked in the request."""
        return not any(mask.place.startswith("request.") for mask in self.masked)

    @property
    def personal_data(self) -> tuple[Mask, ...]:
        """What was masked because it identifies a person."""
        return tuple(mask for mask in self.masked if mask.kind not in SECRET_KINDS)

    @property
    def content(self) -> Decoded:
        """The request's JSON."""
        return decoded(self.request.body)

    @property
    def answer(self) -> Decoded:
        """The answer's JSON."""
        if self.response is None:
            return Decoded(error=Text("没有应答", "there is no answer"))
        return decoded(self.response.body)


@lru_cache(maxsize=4096)
def decoded(body: bytes) -> Decoded:
    """Strict JSON or the reason why it is none; never an exception."""
    try:
        return Decoded(value=parse_json(body, max_string=_LONGEST_TEXT))
    except StrictJsonError as error:
        return Decoded(error=Text(error.zh, error.en))


def exchange_of(entry: Entry, faults: Mapping[str, Fault], patience_seconds: float) -> Exchange:
    """The view of one exchange entry; slow is an answer that the caller may have given up on by then."""
    request, response = entry["request"], entry["response"]
    at, answered_at = parse_instant(entry["at"]), _instant(entry["answered_at"])
    took = (answered_at - at).total_seconds() if answered_at else 0.0
    return Exchange(
        seq=entry.seq,
        scene=entry["scene"],
        direction=entry["direction"],
        operation=entry["operation"],
        at=at,
        answered_at=answered_at,
        request=HttpRequest(request["method"], request["url"], _pairs(request), _body(request)),
        response=HttpResponse(response["status"], _pairs(response), _body(response)) if response else None,
        lost=entry["lost"],
        fault=_fault(entry["fault"], faults),
        problem=entry["problem"],
        observed=entry["observed"],
        masked=tuple(Mask(mask["place"], mask["kind"]) for mask in entry["masked"]),
        slow=took > patience_seconds / 2,
    )


def _instant(text: str | None) -> datetime | None:
    return parse_instant(text) if text else None


def _fault(fault_id: str | None, faults: Mapping[str, Fault]) -> Fault | None:
    return faults.get(fault_id, Fault(fault_id, "unknown", None)) if fault_id else None


def _pairs(message: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in message["headers"])


def _body(message: Mapping[str, Any]) -> bytes:
    return base64.b64decode(message["base64"]) if "base64" in message else message["text"].encode()
