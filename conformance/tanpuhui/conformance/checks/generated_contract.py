"""场景方接口：生成请求的结论，逐个接口 / The scenario's interface: what generated requests showed, by operation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.check import Judge, check
from tanpuhui.conformance.checks.saying import saw
from tanpuhui.spec.document import document, operations

if TYPE_CHECKING:
    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.recording.exchange import Exchange
    from tanpuhui.conformance.verdict import Observation

SCENE = ("server_contract",)
SIGNATURE = frozenset({"ignored_auth"})
ACCEPTANCE = frozenset({"positive_data_acceptance"})
Concern = Callable[[str], bool]


def _judge(operation: str, concerns: Concern, zh: str, en: str) -> Judge:
    """One operation's judge. Refusals alone prove nothing: without a 2xx it sees nothing and stays undecided."""

    def judge(evidence: Evidence) -> Iterator[Observation]:
        for scene in evidence.scenes:
            cases = [it for it in scene.exchanges if "generated" in it.observed and it.operation == operation]
            if any(case.answered_ok for case in cases):
                yield from (_observed(case, concerns) for case in cases)

    judge.__doc__ = f"{operation} {zh} / {operation} {en}"
    return judge


def _observed(case: Exchange, concerns: Concern) -> Observation:
    failures: list[Mapping[str, Any]] = list(case.observed["generated"]["failures"])
    first = next((failure for failure in failures if concerns(failure["check"])), None)
    words = f"{case.status}" if first is None else f"{case.status} {first['code']} {first['title']}"
    return saw(
        "按 scenario.yaml 应答 / answers as scenario.yaml says",
        f"{words} / {words}",
        ok=first is None,
        at=case.seq,
    )


def _register() -> None:
    for operation in operations(document("scenario")):
        name = operation.operation_id
        slug = re.sub(r"(?<=[a-z])([A-Z])", r"-\1", name).lower()
        check("API-009", f"{slug}-answers-as-documented", scenes=SCENE)(
            _judge(
                name,
                lambda done: done not in SIGNATURE | ACCEPTANCE,
                "按接口文档应答每个生成的请求",
                "answers every generated request as the document says",
            )
        )
        check("SIG-007", f"{slug}-wants-a-good-signature", scenes=SCENE)(
            _judge(
                name,
                lambda done: done in SIGNATURE,
                "拒绝没有有效签名的请求",
                "refuses requests without a good signature",
            )
        )
        if operation.method != "GET":
            check("EVT-002", f"{slug}-accepts-whatever-is-valid", scenes=SCENE)(
                _judge(
                    name,
                    lambda done: done in ACCEPTANCE,
                    "接受各种取值的有效事件",
                    "accepts valid events whatever their values",
                )
            )


_register()
