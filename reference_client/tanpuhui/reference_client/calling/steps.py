"""What a conversation is made of: requests to send and pauses to keep, without any input or output."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TypeAlias, TypeVar

from tanpuhui.spec.digest import content_digest_of
from tanpuhui.spec.message import HttpRequest, HttpResponse, file_pieces

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")
JSON = "application/json"
NDJSON = "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is to be sent for so many seconds."""

    seconds: float


Steps: TypeAlias = Generator[HttpRequest | Pause, HttpResponse | None, T]
"""Yields what to do next and takes the answer in; both clients drive it."""


@dataclass(frozen=True, slots=True)
class FrozenFile:
    """A body in a file that will not change any more: its digest and how its bytes are coded."""

    path: Path
    digest: str
    coding: str | None = None

    @classmethod
    def of(cls, path: Path, coding: str | None = None) -> Self:
        """The file as it is now, read once from beginning to end."""
        return cls(path, content_digest_of(file_pieces(path)), coding)


@dataclass(frozen=True, slots=True)
class Call:
    """One call to be made until it is answered; a repeated write keeps its body and its key (CAL-002)."""

    operation: str
    method: str
    url: str
    body: bytes = b""
    idempotency_key: str | None = None
    failures: int = 0
    file: FrozenFile | None = None
