"""What a shell or a CI job reads from `tph`; each code has one meaning and one test."""

from __future__ import annotations

from enum import IntEnum

from tanpuhui.conformance.verdict import Outcome


class ExitCode(IntEnum):
    """One meaning per number, the same for every command."""

    PASS = 0
    FAIL = 1
    USAGE = 2
    INCOMPLETE = 3
    KIT_ERROR = 4


_OF_OUTCOME = {
    Outcome.NOT_APPLICABLE: ExitCode.INCOMPLETE,
    Outcome.PASS: ExitCode.PASS,
    Outcome.INCOMPLETE: ExitCode.INCOMPLETE,
    Outcome.FAIL: ExitCode.FAIL,
    Outcome.KIT_ERROR: ExitCode.KIT_ERROR,
}


def exit_code_for(outcome: Outcome) -> ExitCode:
    """The code of a run; a run in which nothing applied has shown nothing and is incomplete."""
    return _OF_OUTCOME[outcome]
