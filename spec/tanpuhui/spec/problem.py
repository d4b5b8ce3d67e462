"""The closed registry of problems (annex D): every error that either side may answer, as RFC 9457 says."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tanpuhui.spec.law import law_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of error: what it means and what the other side should do about it."""

    code: str
    uri: str
    status: int
    retryable: bool
    zh: str
    en: str
    action_zh: str
    action_en: str
    clause: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground on which a single record is rejected or held."""

    code: str
    zh: str
    en: str
    clause: str


@dataclass(frozen=True, slots=True)
class PlaceError:
    """One faulty place in what was sent, named by JSON Pointer and never quoted."""

    pointer: str
    code: str
    detail: str


def problem_base() -> str:
    """The address that all problem types begin with."""
    return str(law_yaml("problems.yaml")["base"])


@cache
def problem_types() -> Mapping[str, ProblemType]:
    """The registry by code, in the order of the annex."""
    entries = law_yaml("problems.yaml")["problems"].items()
    return MappingProxyType(
        {code: ProblemType(code=code, uri=problem_base() + code, **entry) for code, entry in entries}
    )


@cache
def reasons() -> Mapping[str, Reason]:
    """The reasons for a record's verdict by code, in the order of the annex."""
    entries = law_yaml("problems.yaml")["reasons"].items()
    return MappingProxyType({code: Reason(code=code, **entry) for code, entry in entries})


def problem_type(code: str) -> ProblemType:
    """The registered problem of that code; an unregistered one is a KeyError."""
    return problem_types()[code]


def code_of(uri: str) -> str | None:
    """The code of a problem type's address, None where the registry does not hold it."""
    code = uri.removeprefix(problem_base())
    return code if code != uri and code in problem_types() else None


def problem_body(
    code: str, *, instance: str, detail: str = "", errors: Sequence[PlaceError] = ()
) -> dict[str, Any]:
    """The body of a problem answer; without a detail it says what to do next."""
    kind = problem_type(code)
    body: dict[str, Any] = {
        "type": kind.uri,
        "title": f"{kind.zh} / {kind.en}",
        "status": kind.status,
        "detail": detail or f"{kind.action_zh} / {kind.action_en}",
        "instance": instance,
        "code": kind.code,
        "retryable": kind.retryable,
    }
    return body | ({"errors": [asdict(error) for error in errors]} if errors else {})
