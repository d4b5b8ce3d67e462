"""What the platform's rules will say of records that are sound: which it will hold or flag, alone and together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from tanpuhui.reference_client.comparing import Comparing
from tanpuhui.reference_client.counting import Found
from tanpuhui.reference_client.exports.law_wart import kind_of
from tanpuhui.reference_client.exports.wart import wart_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from tanpuhui.reference_client.exports.wart import Wart
    from tanpuhui.reference_client.outcome import Outcome
    from tanpuhui.spec.quality import RuleHit


class Foresight:
    """Takes the records that are due; they wait on the disk to be compared with one another."""

    def __init__(self, scheme: str) -> None:
        self._alone: dict[str, Found] = {}
        self._comparing = Comparing(scheme)

    def take(self, outcome: Outcome, hits: Iterable[RuleHit]) -> None:
        """One record more, and the rules that it does not meet."""
        for hit in hits:
            if hit.severity != "reject":
                self._alone.setdefault(hit.rule_id, Found()).take(outcome.runs)
        self._comparing.take(outcome)

    def warts(self, told: Callable[[int, int], None], *, users_known: bool) -> tuple[Wart, ...]:
        """What was foreseen; without real users, rules that compare a user's trips are left out."""
        found = self._alone | dict(self._comparing.found(told, users_known=users_known))
        return tuple(_wart(rule, one) for rule, one in sorted(found.items()))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._comparing.close()


def _wart(rule: str, found: Found) -> Wart:
    return wart_of(kind_of("rule", rule, "flagged")[0], found.lines, count=found.count)
