"""What the platform asks of the scenario, judged in the order of the law and answered from what is stored."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.errors import Refused, ScenarioError
from tanpuhui.reference_client.receiving.answering import empty_answer, json_answer, problem_answer
from tanpuhui.reference_client.shape import event_faults
from tanpuhui.spec.business_time import instant_text
from tanpuhui.spec.edition import current_edition
from tanpuhui.spec.event import MEDIA_TYPE
from tanpuhui.spec.message import RepeatedField
from tanpuhui.spec.signing import SignatureRefused
from tanpuhui.spec.strict_json import StrictJsonError, parse_json
from tanpuhui.spec.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tanpuhui.reference_client.keeping.inbox import Inbox
    from tanpuhui.reference_client.receiving.doorkeeper import Doorkeeper
    from tanpuhui.spec.message import HttpRequest, HttpResponse
    from tanpuhui.spec.problem import PlaceError

SOFTWARE = "tanpuhui-reference-scenario"
_CHALLENGE = (("www-authenticate", "Signature"),)


class Reception:
    """The scenario's interface without a network; each method is one judgement of it."""

    def __init__(self, doorkeeper: Doorkeeper, inbox: Inbox, wake: Callable[[], None]) -> None:
        self.doorkeeper, self.inbox, self.wake = doorkeeper, inbox, wake

    def receive_event(self, request: HttpRequest) -> HttpResponse:
        """Stores an event durably, then acknowledges it (EVT-002)."""
        refusal = self.refusal(request) or self.media_refusal(request)
        if refusal is not None:
            return refusal
        try:
            event = self.parse(request.body)
        except StrictJsonError as error:
            return self.problem(error.code)
        errors = self.faults(event)
        if errors:
            return self.problem("schema-violation", errors)
        self.accept(event)
        return empty_answer()

    def health(self, request: HttpRequest, scenario_id: str, condition: str) -> HttpResponse:
        """How the scenario is, told to the platform alone (API-008)."""
        return self.refusal(request) or json_answer(self.health_members(scenario_id, condition))

    def health_members(self, scenario_id: str, condition: str) -> dict[str, Any]:
        """What the health interface says."""
        return {
            "status": condition,
            "edition": current_edition().name,
            "scenario_id": scenario_id,
            "software": {"name": SOFTWARE, "version": __version__},
            "time": instant_text(self.doorkeeper.around.clock.now().replace(microsecond=0)),
        }

    def refusal(self, request: HttpRequest) -> HttpResponse | None:
        """Why a request is not let in: too large, not signed by the platform, or seen before (SIG-007)."""
        if self.too_large(request):
            return self.problem("limit-exceeded")
        try:
            verified = self.doorkeeper.verify(request)
        except SignatureRefused as refused:
            return self.problem(refused.code)
        except Refused:
            return self.problem("signature-invalid")
        except ScenarioError:
            wait = math.ceil(self.doorkeeper.client.operations.conversation.times.retry_first_seconds)
            return problem_answer("maintenance", fields=(("retry-after", str(max(wait, 1))),))
        return None if self.doorkeeper.first_use(verified) else self.problem("nonce-replayed")

    def too_large(self, request: HttpRequest) -> bool:
        """Whether body or a field is beyond the advertised limit."""
        limits = self.doorkeeper.limits
        return len(request.body) > limits.event_max_bytes or any(
            len(value) > limits.header_max_bytes for _, value in request.headers
        )

    def media_refusal(self, request: HttpRequest) -> HttpResponse | None:
        """Why the body is not read: only plain CloudEvents JSON is."""
        try:
            media_type = request.header("content-type") or ""
        except RepeatedField:
            media_type = ""
        plain = media_type.split(";")[0].strip().lower() == MEDIA_TYPE
        coded = any(
            value.strip().lower() != "identity" for value in request.header_values("content-encoding")
        )
        return None if plain and not coded else self.problem("unsupported-media-type")

    def parse(self, body: bytes) -> Any:
        """Strict JSON within the advertised limits (API-006)."""
        limits = self.doorkeeper.limits
        return parse_json(body, max_depth=limits.json_max_depth, max_string=limits.string_max_chars)

    def faults(self, event: Any) -> tuple[PlaceError, ...]:
        """Where the event is not as documented; what is not known is tolerated (API-003, EVT-006)."""
        return event_faults(event)

    def accept(self, event: Any) -> None:
        """Stores the event and has a gap filled from the feed (EVT-005)."""
        self.inbox.accept(event)
        if self.inbox.gap():
            self.wake()

    def problem(self, code: str, errors: tuple[PlaceError, ...] = ()) -> HttpResponse:
        """An error answer of the registry (API-005)."""
        unauthorised = code.startswith(("signature-", "nonce-"))
        return problem_answer(code, errors=errors, fields=_CHALLENGE if unauthorised else ())
