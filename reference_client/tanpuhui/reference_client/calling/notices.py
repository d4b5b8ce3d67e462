"""What the client tells while it works, for the outbox, for progress and for logs; no secret is among it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from tanpuhui.reference_client.calling.steps import Call


@dataclass(frozen=True, slots=True)
class Sending:
    """A call goes out; unless an answer says otherwise, it may not go out again before the delay is over."""

    call: Call
    failures: int
    delay: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call was not answered validly; it goes out again after the delay."""

    call: Call
    failures: int
    delay: float
    cause: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A call was answered; the problem's code, where it was refused."""

    call: Call
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Judging:
    """The platform has judged so many of the records of an upload."""

    judged: int
    of: int


Notice: TypeAlias = Sending | Waiting | Answered | Judging


def unheard(notice: Notice) -> None:  # the signature of a listener
    """For those who do not listen."""
