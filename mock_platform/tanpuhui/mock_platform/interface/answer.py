"""What the platform answers before it is dressed for the wire, and the refusals that cut a request short."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tanpuhui.spec.problem import MEDIA_TYPE, problem_body, problem_type
from tanpuhui.spec.strict_json import dump_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tanpuhui.spec.message import Headers
    from tanpuhui.spec.problem import PlaceError

_CHALLENGES = {"token-invalid": 'Bearer realm="tanpuhui", error="invalid_token"'}
_CHALLENGE = 'Bearer realm="tanpuhui"'


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body and the fields that belong to this answer; Date, digest and signature come later."""

    status: int
    body: bytes = b""
    media_type: str = "application/json"
    headers: Headers = ()
    problem: str | None = None


class Refused(Exception):
    """请求被拒绝，理由取自附录 D / The request is refused for a reason of annex D."""

    def __init__(
        self, code: str, errors: Sequence[PlaceError] = (), *, detail: str = "", headers: Headers = ()
    ) -> None:
        super().__init__(code)
        self.code = code
        self.errors = errors
        self.detail = detail
        self.headers = headers


def json_answer(value: Any, *, status: int = 200, headers: Headers = ()) -> Answer:
    """An answer whose body is this value."""
    return Answer(status, dump_json(value), headers=headers)


def problem_answer(refused: Refused, request_id: str, *, status: int | None = None) -> Answer:
    """The problem answer to a refusal; a 401 names how to authenticate."""
    body = problem_body(
        refused.code, instance=f"urn:uuid:{request_id}", detail=refused.detail, errors=refused.errors
    )
    shown = status or problem_type(refused.code).status
    challenge = (("www-authenticate", _CHALLENGES.get(refused.code, _CHALLENGE)),) if shown == 401 else ()  # noqa: PLR2004
    return Answer(
        shown, dump_json(body | {"status": shown}), MEDIA_TYPE, (*challenge, *refused.headers), refused.code
    )
