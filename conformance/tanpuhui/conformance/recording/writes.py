"""All writes of a scene, each as what it is: a batch, an upload, or anything else under an idempotency key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.recording.submission import SUBMIT, Submission
from tanpuhui.conformance.recording.upload import UPLOAD, upload_of
from tanpuhui.conformance.recording.write import Write, grouped_by_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tanpuhui.conformance.recording.exchange import Exchange


def writes_in(exchanges: Sequence[Exchange], state: Any) -> tuple[Write, ...]:
    """In the order in which they were first sent; `state` is what the platform held in the end."""
    return tuple(_write(*group, exchanges, state) for group in grouped_by_key(exchanges))


def _write(
    scene: str, key: str | None, attempts: tuple[Exchange, ...], around: Sequence[Exchange], state: Any
) -> Write:
    operation = attempts[0].operation
    if operation == SUBMIT:
        return Submission(scene, key, attempts)
    if operation == UPLOAD:
        asked = [call for call in around if call.inbound]
        return upload_of(scene, key, attempts, asked, state)
    return Write(scene, key, attempts)
