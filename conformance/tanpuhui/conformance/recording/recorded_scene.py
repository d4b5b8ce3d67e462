"""One scene as it was recorded: its platform, its exchanges, the truth behind it and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.recording.delivery import Delivery, deliveries_in
from tanpuhui.conformance.recording.register import Told, certificates_in, registrations_in, states_in
from tanpuhui.conformance.recording.reported import Reported, reported_in, unreported
from tanpuhui.conformance.recording.submission import Sent, Submission
from tanpuhui.conformance.recording.token_request import TokenRequest, token_requests_in
from tanpuhui.conformance.recording.upload import Upload
from tanpuhui.conformance.recording.writes import writes_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.conformance.recording.exchange import Exchange, Fault
    from tanpuhui.conformance.recording.transcript import Entry
    from tanpuhui.conformance.recording.write import Write
    from tanpuhui.conformance.truth.expected import Expected, World
    from tanpuhui.conformance.verdict import Outcome, Text
    from tanpuhui.spec.limits import Limits, Times


@dataclass(frozen=True, slots=True)
class Stand:
    """The platform that a scene was played on, and who the scenario was there."""

    issuer: str
    api_base: str
    scenario_id: str
    client_id: str
    base_url: str | None
    limits: Limits
    times: Times
    platform_jwks: Mapping[str, Any]
    scenario_jwks: Mapping[str, Any]


@dataclass(frozen=True)
class RecordedScene:
    """Everything that one scene left in the transcript, with the views that checks need."""

    name: str
    outcome: Outcome
    happened: Text | None
    seconds: float
    stand: Stand | None
    exchanges: tuple[Exchange, ...]
    notes: tuple[Entry, ...]
    world: World
    state: Mapping[str, Any]
    faults: Mapping[str, Fault]
    fired: Mapping[str, int]

    def noted(self, what: str) -> tuple[Entry, ...]:
        """The scene's notes of one kind, such as clock, event or attack."""
        return tuple(note for note in self.notes if note["what"] == what)

    def calls(self, operation: str | None = None) -> tuple[Exchange, ...]:
        """What the scenario sent to the platform, in the order of arrival."""
        wanted = (it for it in self.exchanges if it.inbound and operation in {None, it.operation})
        return tuple(wanted)

    @cached_property
    def refusals(self) -> tuple[Exchange, ...]:
        """Calls of the scenario that the platform answered with a 4xx or 5xx."""
        return tuple(call for call in self.calls() if call.refused)

    @cached_property
    def writes(self) -> tuple[Write, ...]:
        """Everything that was sent under an idempotency key, attempts grouped by it."""
        return writes_in(self.exchanges, self.state)

    @cached_property
    def submissions(self) -> tuple[Submission, ...]:
        """Batches and uploads."""
        return tuple(write for write in self.writes if isinstance(write, Submission))

    @cached_property
    def uploads(self) -> tuple[Upload, ...]:
        """Uploads, each with its job."""
        return tuple(write for write in self.writes if isinstance(write, Upload))

    @cached_property
    def batches(self) -> tuple[Submission, ...]:
        """Batches."""
        return tuple(one for one in self.submissions if not isinstance(one, Upload))

    @cached_property
    def sent(self) -> tuple[Sent, ...]:
        """Every record of every batch and upload."""
        return tuple(sent for submission in self.submissions for sent in submission.sent())

    @cached_property
    def reported(self) -> tuple[Reported, ...]:
        """Every record that was sent beside what it stands for."""
        return reported_in(self.sent, self.world)

    @cached_property
    def unreported(self) -> tuple[Expected, ...]:
        """What was due and never sent."""
        return unreported(self.world, self.reported)

    @cached_property
    def token_requests(self) -> tuple[TokenRequest, ...]:
        """Calls of the token endpoint."""
        return token_requests_in(self.exchanges)

    @cached_property
    def deliveries(self) -> tuple[Delivery, ...]:
        """Events as they reached the scenario."""
        return deliveries_in(self.exchanges)

    @cached_property
    def registrations(self) -> tuple[Told, ...]:
        """Devices as the platform came to know them."""
        return registrations_in(self.calls())

    @cached_property
    def certificates(self) -> tuple[Told, ...]:
        """Calibration certificates as the platform came to know them."""
        return certificates_in(self.calls())

    @cached_property
    def device_states(self) -> tuple[Told, ...]:
        """States of devices that were reported."""
        return states_in(self.calls())
