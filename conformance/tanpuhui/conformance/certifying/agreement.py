"""Whether a certificate and a run judged again say the same: run by run, verdict by verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.certifying.certificate import CHAIN, bindings, subject
from tanpuhui.conformance.verdict import Outcome, Text

if TYPE_CHECKING:
    from tanpuhui.conformance.result import RunResult

_OUTCOME_LISTS = {
    "passedTests": Outcome.PASS,
    "failedTests": Outcome.FAIL,
    "notApplicableTests": Outcome.NOT_APPLICABLE,
    "incompleteTests": Outcome.INCOMPLETE,
}


class Refused(ValueError):  # it is no error of the program
    """不予认可 / The certificate does not hold; says why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.text = Text(zh, en)


def bound(predicate: Mapping[str, Any]) -> dict[str, Any]:
    """The bound digests by name; what is malformed is not there and is missed later."""
    listed = predicate.get("configuration")
    items = [item for item in listed if isinstance(item, Mapping)] if isinstance(listed, list) else []
    named: dict[str, Any] = {}
    for item in items:
        digest, notes = item.get("digest"), item.get("annotations")
        named[str(item.get("name"))] = digest.get("sha256") if isinstance(digest, Mapping) else None
        if isinstance(notes, Mapping) and CHAIN in notes:
            named[CHAIN] = notes[CHAIN]
    return named


def require_same_run(statement: Mapping[str, Any], predicate: Mapping[str, Any], result: RunResult) -> None:
    """Both tell of the same scenario, run, law, kit and configuration, or the certificate is refused."""
    header, named = result.header, bound(predicate)
    told = {
        "subject": [subject(result)],
        "scenario": dict(header.scenario),
        "edition": header.edition,
        "seed": header.seed,
        "runId": header.run_id,
        "startedAt": header.started_at,
        "evidenceClass": header.evidence_class,
    }
    claimed = {**predicate, "subject": statement.get("subject")}
    different = [name for name, value in told.items() if claimed.get(name) != value]
    different += [name for name, digest in bindings(result).items() if f"sha256:{named.get(name)}" != digest]
    if different:
        names = "、".join(different)
        raise Refused(
            f"证书与运行记录不一致：{names}", f"certificate and transcript disagree on {', '.join(different)}"
        )


def require_same_verdicts(predicate: Mapping[str, Any], result: RunResult) -> int:
    """Every verdict judged again is the certified one; answers how many there are."""
    claimed = {
        check: outcome
        for name, outcome in _OUTCOME_LISTS.items()
        for check in predicate.get(name) or ()
        if isinstance(check, str)
    }
    found = {verdict.check: verdict.outcome for verdict in result.verdicts}
    different = [
        f"{check} {_word(claimed.get(check))} → {_word(found.get(check))}"
        for check in dict.fromkeys((*claimed, *found))
        if claimed.get(check) != found.get(check)
    ]
    if different or result.outcome is not Outcome.PASS:
        told = "；".join(different) or f"总结论 {result.outcome.words}"
        raise Refused(f"离线复判的结论不同：{told}", f"judged again offline, verdicts differ: {told}")
    return len(found)


def _word(outcome: Outcome | None) -> str:
    return outcome.words.zh if outcome else "—"
