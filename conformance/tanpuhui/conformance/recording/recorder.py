"""Writes one scene into the transcript: what was exchanged, what is true, what was done to the platform."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.recording.capture import exact, exchange_members, message_members
from tanpuhui.conformance.recording.masking import PRIVATE_KEY, label
from tanpuhui.conformance.recording.reading import BEGIN, END

if TYPE_CHECKING:
    from tanpuhui.conformance.recording.masking import Masker
    from tanpuhui.conformance.recording.transcript import TranscriptWriter
    from tanpuhui.conformance.truth.expected import World
    from tanpuhui.conformance.verdict import Outcome, Text
    from tanpuhui.spec.message import HttpRequest, HttpResponse

_OWN = frozenset({"n", "kind", "what"})
_PRIVATE = ("d", "p", "q", "dp", "dq", "qi", "oth", "k")
"""The members by which a JSON Web Key shows its private part (RFC 7518)."""


class Recorder:
    """One scene's pen; everything passes the masker before it is written."""

    def __init__(self, writer: TranscriptWriter, masker: Masker, scene: str) -> None:
        self._writer, self.masker, self._scene = writer, masker, scene
        self.last_exchange: int | None = None

    def begin(self, text: Text) -> None:
        """The scene begins; the text is what users read."""
        self._writer.append("scene", scene=self._scene, event=BEGIN, **text.as_mapping())

    def end(
        self, outcome: Outcome, happened: Text | None, milliseconds: int, state: Mapping[str, Any]
    ) -> None:
        """The scene is over; `state` is what the platform holds now."""
        self._writer.append(
            "scene",
            scene=self._scene,
            event=END,
            outcome=outcome.value,
            happened=happened.as_mapping() if happened else None,
            milliseconds=milliseconds,
            state=exact(state),
        )

    def truth(self, world: World) -> None:
        """What is handed to the scenario, and what must come of it."""
        self._writer.append("truth", scene=self._scene, **world.as_mapping())

    def note(self, what: str, **members: Any) -> None:
        """Anything else that a check or a reader may want to know."""
        self._writer.append("note", scene=self._scene, what=what, **self._masked(members))

    def journal(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Entries of the platform's journal, in its order."""
        for entry in entries:
            if entry["kind"] == "exchange":
                members = exchange_members(entry, self.masker)
                self.last_exchange = self._writer.append("exchange", scene=self._scene, **members)
            else:
                own = {name: value for name, value in entry.items() if name not in _OWN}
                self.note(f"platform-{entry['what']}", journal=own)

    def exchanged(
        self, operation: str, request: HttpRequest, response: HttpResponse | None, at: str, **observed: Any
    ) -> None:
        """A request that the judge itself sent to the scenario's interface as the platform."""
        self.last_exchange = self._writer.append(
            "exchange",
            scene=self._scene,
            direction="outbound",
            operation=operation,
            at=at,
            answered_at=at,
            lost=False,
            fault=None,
            problem=None,
            observed=exact(observed),
            **message_members(request, response, self.masker),
        )

    def _masked(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.masker.masked(value).text
        if isinstance(value, Mapping):
            shown = {name: label(PRIVATE_KEY) for name in _PRIVATE if "kty" in value and name in value}
            return {str(name): self._masked(member) for name, member in value.items()} | shown
        if isinstance(value, list | tuple):
            return [self._masked(item) for item in value]
        return exact(value)
