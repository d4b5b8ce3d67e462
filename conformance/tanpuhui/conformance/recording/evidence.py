"""What checks are given: read-only, typed views of a transcript, scene by scene or of several at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from tanpuhui.conformance.recording.reading import recorded_scenes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tanpuhui.conformance.recording.delivery import Delivery
    from tanpuhui.conformance.recording.exchange import Exchange
    from tanpuhui.conformance.recording.recorded_scene import RecordedScene
    from tanpuhui.conformance.recording.reported import Reported
    from tanpuhui.conformance.recording.submission import Sent, Submission
    from tanpuhui.conformance.recording.token_request import TokenRequest
    from tanpuhui.conformance.recording.transcript import Transcript
    from tanpuhui.conformance.recording.upload import Upload
    from tanpuhui.conformance.recording.write import Write


class Evidence:
    """The scenes that a check may look at; what it flattens stays in the order of the transcript."""

    def __init__(self, scenes: Iterable[RecordedScene], run: Mapping[str, Any]) -> None:
        self._scenes = {scene.name: scene for scene in scenes}
        self.run = run

    @classmethod
    def of(cls, transcript: Transcript) -> Self:
        """All scenes of a verified transcript."""
        return cls(recorded_scenes(transcript.entries), transcript.header["run"])

    def only(self, names: Iterable[str]) -> Evidence:
        """The evidence of the named scenes that were recorded."""
        return Evidence((self._scenes[name] for name in names if name in self._scenes), self.run)

    def scene(self, name: str) -> RecordedScene:
        """One recorded scene; a check that names it among its scenes is given it."""
        return self._scenes[name]

    def has(self, name: str) -> bool:
        """The scene was recorded."""
        return name in self._scenes

    @property
    def scenes(self) -> tuple[RecordedScene, ...]:
        """All of them, in the order in which they were played."""
        return tuple(self._scenes.values())

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Every exchange in both directions."""
        return tuple(exchange for scene in self.scenes for exchange in scene.exchanges)

    def calls(self, operation: str | None = None) -> tuple[Exchange, ...]:
        """What the scenario sent to the platform."""
        return tuple(call for scene in self.scenes for call in scene.calls(operation))

    @property
    def refusals(self) -> tuple[Exchange, ...]:
        """Calls that the platform answered with a 4xx or 5xx."""
        return tuple(call for scene in self.scenes for call in scene.refusals)

    @property
    def writes(self) -> tuple[Write, ...]:
        """Everything that was sent under an idempotency key, attempts grouped by it."""
        return tuple(write for scene in self.scenes for write in scene.writes)

    @property
    def submissions(self) -> tuple[Submission, ...]:
        """Batches and uploads."""
        return tuple(submission for scene in self.scenes for submission in scene.submissions)

    @property
    def uploads(self) -> tuple[Upload, ...]:
        """Uploads, each with its job."""
        return tuple(upload for scene in self.scenes for upload in scene.uploads)

    @property
    def sent(self) -> tuple[Sent, ...]:
        """Every record of every batch and upload."""
        return tuple(sent for scene in self.scenes for sent in scene.sent)

    @property
    def reported(self) -> tuple[Reported, ...]:
        """Every record that was sent beside what it stands for."""
        return tuple(reported for scene in self.scenes for reported in scene.reported)

    @property
    def token_requests(self) -> tuple[TokenRequest, ...]:
        """Calls of the token endpoint."""
        return tuple(request for scene in self.scenes for request in scene.token_requests)

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """Events as they reached the scenario."""
        return tuple(delivery for scene in self.scenes for delivery in scene.deliveries)
