"""What every report is made from: the result, the law it was judged by, and the evidence behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tanpuhui.conformance.certifying.coverage import left_out
from tanpuhui.conformance.verdict import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.conformance.recording.exchange import Exchange
    from tanpuhui.conformance.result import RunResult
    from tanpuhui.spec.edition import Edition
    from tanpuhui.spec.requirement import Requirement


@dataclass(frozen=True, slots=True)
class ReportSource:
    """One finished run; exchanges by entry number, titles by check id, and the command to verify with."""

    result: RunResult
    requirements: Mapping[str, Requirement]
    edition: Edition
    exchanges: Mapping[int, Exchange] = field(default_factory=dict)
    titles: Mapping[str, Text] = field(default_factory=dict)
    verify: str | None = None

    def title(self, check: str) -> Text:
        """What the check is called; an unknown one by the words of its id."""
        words = check.partition("/")[2].replace("-", " ")
        return self.titles.get(check, Text(words, words))

    @property
    def left_out(self) -> tuple[str, ...]:
        """What counts and was not run."""
        return left_out(self.result, self.edition, self.requirements)
