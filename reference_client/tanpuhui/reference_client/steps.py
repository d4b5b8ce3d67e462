"""What a conversation is made of: requests to send and pauses to keep, without any input or output."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from tanpuhui.spec.message import HttpRequest, HttpResponse

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is to be sent for so many seconds."""

    seconds: float


Steps: TypeAlias = Generator[HttpRequest | Pause, HttpResponse | None, T]
"""Yields what to do next and takes the answer in; both clients drive it."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call to be made until it is answered; a repeated write keeps its body and its key (CAL-002)."""

    operation: str
    method: str
    url: str
    body: bytes = b""
    idempotency_key: str | None = None
    failures: int = 0
