"""What one sending came to: a value, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from tanpuhui.reference_client.calling.errors import InvalidAnswer, Text
from tanpuhui.reference_client.calling.reading import read
from tanpuhui.spec.strict_json import StrictJsonError, parse_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tanpuhui.reference_client.calling.answers import Receipt
    from tanpuhui.reference_client.calling.problem import Problem
    from tanpuhui.spec.message import HttpResponse

T = TypeVar("T")
ANSWER_STRING_MAX = 16_384
"""Tokens and addresses in answers may be longer than any string of a record."""


@dataclass(frozen=True, slots=True)
class Success(Generic[T]):
    """A valid answer, with what proves it and the local times of question and answer."""

    value: T
    receipt: Receipt
    asked: datetime
    answered: datetime


@dataclass(frozen=True, slots=True)
class Failure:
    """No valid answer, or an error; `retry_after` is what the answer asked for."""

    cause: str
    problem: Problem | None = None
    retry_after: float | None = None
    receipt: Receipt | None = None


Outcome: TypeAlias = Success[T] | Failure


def json_as(kind: type[T]) -> Callable[[HttpResponse], T]:
    """A reader of answers of that kind."""

    def reader(answer: HttpResponse) -> T:
        return read(kind, answer_json(answer))

    return reader


def answer_json(answer: HttpResponse) -> Any:
    """The JSON of an answer; what is not strict JSON is no valid answer (API-006)."""
    try:
        return parse_json(answer.body, max_string=ANSWER_STRING_MAX)
    except StrictJsonError:
        raise InvalidAnswer(
            Text("平台应答不是严格的 JSON", "the platform's answer is not strict JSON"), "API-006"
        ) from None
