"""Turns an error answer into words a person can act on, by the registry of annex D."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.calling.words import Text
from tanpuhui.spec.problem import ProblemType, code_of, problem_types
from tanpuhui.spec.strict_json import StrictJsonError, parse_json

if TYPE_CHECKING:
    from tanpuhui.spec.message import HttpResponse

TOKEN_REFUSED = "invalid_client"  # noqa: S105  # an error code of RFC 6749


@dataclass(frozen=True, slots=True)
class Problem:
    """One error answer; its code is the registry's, or the token endpoint's own word."""

    status: int
    code: str | None
    pointers: tuple[str, ...] = ()

    @property
    def kind(self) -> ProblemType | None:
        """The registered type, where it is registered."""
        return problem_types().get(self.code or "")

    @property
    def what(self) -> Text:
        """What happened."""
        places = f" {', '.join(self.pointers)}" if self.pointers else ""
        if self.kind is None:
            shown = self.code or f"HTTP {self.status}"
            return Text(f"平台拒绝：{shown}{places}", f"the platform refused: {shown}{places}")
        return Text(f"平台拒绝：{self.kind.zh}{places}", f"the platform refused: {self.kind.en}{places}")

    @property
    def action(self) -> Text:
        """What to do next."""
        if self.kind is not None:
            return Text(self.kind.action_zh, self.kind.action_en)
        if self.code == TOKEN_REFUSED:
            return Text(
                "核对客户端标识，并确认平台已登记本方公钥",
                "check the client id and that the platform holds this side's public key",
            )
        return Text("核对地址与登记信息", "check addresses and registration")

    @property
    def requirement(self) -> str:
        """The requirement that the problem touches."""
        if self.kind is not None:
            return self.kind.clause
        return "AUT-001" if self.code == TOKEN_REFUSED else "API-005"


def read_problem(answer: HttpResponse) -> Problem:
    """The problem that an error answer states; one that states none has its status alone."""
    try:
        body = parse_json(answer.body)
    except StrictJsonError:
        body = None
    members: dict[str, Any] = body if isinstance(body, dict) else {}
    uri = members.get("type")
    code = code_of(uri) if isinstance(uri, str) else members.get("error")
    return Problem(answer.status, code if isinstance(code, str) else None, _pointers(members.get("errors")))


def _pointers(errors: Any) -> tuple[str, ...]:
    entries = errors if isinstance(errors, list) else []
    found = (entry.get("pointer") for entry in entries if isinstance(entry, dict))
    return tuple(pointer for pointer in found if isinstance(pointer, str))[:5]
