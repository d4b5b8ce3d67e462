"""What can go wrong, as values a person can act on.

ScenarioError
├── Refused        the platform refused for good: sending the same again is no use
├── Unanswered     no valid answer within the caller's patience: the same may be sent again
├── InvalidAnswer  an answer that is not as the law says; counts as none
├── Misconfigured  something on this side has to be set right first
├── InvalidInput   a file or an activity cannot be read
└── Stopped        this side was asked to stop
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.words import Text

if TYPE_CHECKING:
    from tanpuhui.reference_client.calling.answers import Receipt
    from tanpuhui.reference_client.calling.problem import Problem


__all__ = [
    "InvalidAnswer",
    "InvalidInput",
    "Misconfigured",
    "Refused",
    "ScenarioError",
    "Stopped",
    "Text",
    "Unanswered",
]


class ScenarioError(Exception):
    """What happened, which requirement it touches and what to do next."""

    def __init__(self, what: Text, action: Text, requirement: str = "") -> None:
        clause = f" [{requirement}]" if requirement else ""
        super().__init__(f"{what}{clause}\n→ {action}")
        self.what = what
        self.action = action
        self.requirement = requirement


class Refused(ScenarioError):
    """平台永久拒绝 / The platform refused for good."""

    def __init__(self, operation: str, problem: Problem, receipt: Receipt | None = None) -> None:
        super().__init__(problem.what, problem.action, problem.requirement)
        self.operation = operation
        self.problem = problem
        self.receipt = receipt


class Unanswered(ScenarioError):
    """没有得到有效应答 / No valid answer came within the caller's patience."""

    def __init__(self, cause: str) -> None:
        super().__init__(
            Text("平台没有给出有效应答", f"no valid answer from the platform ({cause})"),
            Text(
                "检查网络和发现文档地址后再试，重发是安全的",
                "check network and discovery address; a repeat is safe",
            ),
            "CAL-003",
        )
        self.cause = cause


class InvalidAnswer(ScenarioError):
    """平台应答不合规定 / An answer that is not as the law says."""

    def __init__(self, what: Text, requirement: str) -> None:
        super().__init__(what, Text("联系平台运营方", "contact the platform's operator"), requirement)


class Misconfigured(ScenarioError):
    """本方设置有误 / Something on this side has to be set right first."""


class InvalidInput(ScenarioError):
    """输入无法读取 / A file or an activity cannot be read."""


class Stopped(ScenarioError):
    """已停止 / This side was asked to stop; what was not sent stays in the outbox."""

    def __init__(self) -> None:
        super().__init__(
            Text("已停止", "stopped"),
            Text("未发送的内容留在发件箱中", "what was not sent stays in the outbox"),
        )
