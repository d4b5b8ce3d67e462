"""What a run has left out of what counts: a run that leaves something out shows no conformance."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.conformance.result import RunResult
    from tanpuhui.spec.edition import Edition
    from tanpuhui.spec.requirement import Requirement

PLATFORM = "平台"


def concerns_scenario(requirement: Requirement) -> bool:
    """The requirement binds the side that is under test."""
    return requirement.role != PLATFORM


def left_out(result: RunResult, edition: Edition, law: Mapping[str, Requirement]) -> tuple[str, ...]:
    """Scored and testable of a scenario, but without a verdict in this run."""
    judged = {verdict.requirement for verdict in result.verdicts}
    return tuple(
        one.id
        for one in law.values()
        if one.id in edition.scored and one.id not in judged and concerns_scenario(one) and one.testable
    )
