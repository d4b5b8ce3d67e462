"""What keeps the kit honest: requirement → check → fault that proves the check, as a Markdown table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tanpuhui.conformance.check import Check
    from tanpuhui.spec.edition import Edition
    from tanpuhui.spec.requirement import Requirement

_HEAD = "| 要求 requirement | 检查 checks | 证明检查有效的缺陷 faults that prove them |\n|---|---|---|"


def matrix(
    law: Iterable[Requirement], checks: Iterable[Check], faults: Mapping[str, Sequence[str]], edition: Edition
) -> str:
    """One row per requirement; one without a check says why it has none."""
    by_requirement: dict[str, list[str]] = {}
    for check in checks:
        by_requirement.setdefault(check.requirement, []).append(check.id)
    rows = [_row(one, by_requirement.get(one.id, []), faults.get(one.id, ()), edition) for one in law]
    return "\n".join([_HEAD, *rows]) + "\n"


def _row(requirement: Requirement, checks: Sequence[str], faults: Sequence[str], edition: Edition) -> str:
    judged = "<br>".join(f"`{check}`" for check in checks) or _why_none(requirement, edition)
    proofs = "<br>".join(f"`{fault}`" for fault in faults) or "—"
    return f"| {requirement.id} {requirement.title_zh} / {requirement.title_en} | {judged} | {proofs} |"


def _why_none(requirement: Requirement, edition: Edition) -> str:
    if requirement.untestable_zh:
        return f"不可测 / not testable：{requirement.untestable_zh}"
    return edition.not_scored.get(requirement.id, "缺检查 / no check yet")
