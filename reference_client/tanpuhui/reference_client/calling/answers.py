"""What the platform answers, as typed values; members that are not listed here are ignored."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  # types are read at run time
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003
from typing import Any

from tanpuhui.spec.limits import Limits, Times  # noqa: TC001
from tanpuhui.spec.message import HttpRequest, HttpResponse  # noqa: TC001


@dataclass(frozen=True, slots=True)
class EditionEntry:
    """One edition that the platform offers."""

    edition: str
    status: str


@dataclass(frozen=True, slots=True)
class Discovery:
    """The platform's addresses, limits, time parameters and present time."""

    issuer: str
    api_base: str
    token_endpoint: str
    jwks_uri: str
    now: datetime
    limits: Limits
    times: Times
    editions: tuple[EditionEntry, ...]


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """An access token and how long it lives."""

    access_token: str
    token_type: str
    expires_in: int


@dataclass(frozen=True, slots=True)
class Approval:
    """The approval under which the scenario reports."""

    number: str
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class ScenarioProfile:
    """The scenario as the platform knows it."""

    scenario_id: str
    name: str
    schemes: tuple[str, ...]
    status: str
    approval: Approval
    callback_url: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One user's link, named by nothing but its id."""

    link_id: str
    status: str
    valid_from: datetime
    valid_to: datetime | None
    sequence: int


@dataclass(frozen=True, slots=True)
class LinkPage:
    """Some links and the address of the next ones."""

    links: tuple[Link, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Methodology:
    """One methodology as the platform publishes it; parameters stay as they came."""

    code: str
    scheme: str
    version: str
    title: str
    status: str
    parameter_sets: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class MethodologyList:
    """All methodologies."""

    methodologies: tuple[Methodology, ...]


@dataclass(frozen=True, slots=True)
class ReasonGiven:
    """Why a record was rejected or held."""

    code: str
    detail: str = ""
    rule: str | None = None
    pointer: str | None = None


@dataclass(frozen=True, slots=True)
class RecordVerdict:
    """The verdict on one record of a batch."""

    index: int
    record_id: str | None
    verdict: str
    reasons: tuple[ReasonGiven, ...] = ()
    original: str | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """The verdicts counted."""

    submitted: int
    accepted: int
    duplicate: int
    held: int
    rejected: int


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """The verdicts on a batch, one for each record in the order sent."""

    receipt_id: str
    received_at: datetime
    totals: Totals
    verdicts: tuple[RecordVerdict, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A write as sent and its signed answer: together they prove what was acknowledged (SIG-005)."""

    request: HttpRequest
    response: HttpResponse


@dataclass(frozen=True, slots=True)
class Submission:
    """What came of a batch, with its receipt."""

    answer: BatchAnswer
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Some records as the platform keeps them."""

    records: tuple[Mapping[str, Any], ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events of the feed."""

    events: tuple[Mapping[str, Any], ...]
    next_after: int
    more: bool
