"""How this side answers: JSON, or a problem of the registry that echoes nothing (API-005, PRV-003)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from tanpuhui.spec.message import Headers, HttpResponse
from tanpuhui.spec.problem import MEDIA_TYPE, problem_body, problem_type
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tanpuhui.spec.problem import PlaceError


def json_answer(value: Any, status: int = 200) -> HttpResponse:
    """An answer with content."""
    return HttpResponse(status, (("content-type", "application/json"),), dump_json(value))


def empty_answer(status: int = 204) -> HttpResponse:
    """An answer without content."""
    return HttpResponse(status)


def problem_answer(code: str, *, errors: Sequence[PlaceError] = (), fields: Headers = ()) -> HttpResponse:
    """An error answer."""
    body = problem_body(code, instance=f"urn:uuid:{uuid.uuid4()}", errors=errors)
    return HttpResponse(problem_type(code).status, (("content-type", MEDIA_TYPE), *fields), dump_json(body))
