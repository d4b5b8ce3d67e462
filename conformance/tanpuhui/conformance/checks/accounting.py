"""第 10 章 核算 / Clause 10, accounting: the methodology in force, exact decimals, rounded down at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.check import EVERY, check
from tanpuhui.conformance.checks.indicators import TOLD, matched
from tanpuhui.conformance.checks.saying import saw
from tanpuhui.conformance.checks.withholding import withheld
from tanpuhui.spec.accounting import account, accounts_text
from tanpuhui.spec.violation import violations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tanpuhui.conformance.recording.evidence import Evidence
    from tanpuhui.conformance.verdict import Observation

PINNED = ("methodology", "methodology_version", "parameter_set")
CLAIMED = ("baseline_kg", "scenario_kg", "reduction_kg")


@check("ACC-001", "pins-what-was-in-force", scenes=TOLD)
def pins_what_was_in_force(evidence: Evidence) -> Iterator[Observation]:
    """载明活动开始时有效的方法学、版本和参数集 / Names what was in force when the activity started."""
    for reported, expected in matched(evidence):
        wanted = [str(expected.record[name]) for name in PINNED]
        mine = [reported.sent.record.get(name) for name in PINNED]
        yield saw(
            f"{' '.join(wanted)}",
            "一致 / as expected" if mine == wanted else "不一致 / it names others",
            ok=mine == wanted,
            at=reported.sent.seq,
        )


@check("ACC-002", "computes-exactly-and-rounds-down-last", scenes=EVERY)
def computes_exactly_and_rounds_down_last(evidence: Evidence) -> Iterator[Observation]:
    """按公式精确计算，最后一步截断 / Computes by the formula exactly and rounds down in the last step."""
    for sent in evidence.sent:
        wanted = _recomputed(sent.record)
        if wanted is None:
            continue
        mine = {name: sent.record.get(name) for name in CLAIMED}
        wrong = next((name for name in CLAIMED if mine[name] != wanted[name]), None)
        name = wrong or "reduction_kg"
        yield saw(
            f"{name} = {wanted[name]}",
            f"{name} = {mine[name]}" if isinstance(mine[name], str) else f"{name} 不是字符串 / no string",
            ok=wrong is None,
            at=sent.seq,
        )


def _recomputed(record: Mapping[str, Any]) -> Mapping[str, str] | None:
    """From the record's own activity; None where something else is wrong with it that IND-001 tells."""
    if any(not found.pointer.endswith("_kg") for found in violations(record)):
        return None
    try:
        return accounts_text(account(record))
    except (LookupError, ValueError):
        return None


@check("ACC-004", "leaves-out-what-the-methodology-excludes", scenes=("truth",))
def leaves_out_what_the_methodology_excludes(evidence: Evidence) -> Iterator[Observation]:
    """不报方法学排除的活动 / Leaves out what the methodology excludes."""
    yield from withheld(evidence, {"exclusion"})
