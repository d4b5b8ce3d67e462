"""What became of the bank: each scenario's ending, the figures that follow, and nothing but what was seen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.verdict import Outcome, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Ending(StrEnum):
    """How a trial ended: the first and the last are as they should be."""

    CAUGHT = "caught"
    WRONG_REASON = "wrong_reason"
    SURVIVED = "survivor"
    NOT_FIRED = "not_fired"
    FALSE_ALARM = "false_alarm"
    CLEARED = "cleared"

    @property
    def good(self) -> bool:
        """The kit judged rightly."""
        return self in {Ending.CAUGHT, Ending.CLEARED}

    @property
    def words(self) -> Text:
        """The words that users read."""
        return _WORDS[self]


_WORDS = {
    Ending.CAUGHT: Text("检出", "caught"),
    Ending.WRONG_REASON: Text("因别的检查不通过", "failed for another reason"),
    Ending.SURVIVED: Text("漏过", "survived"),
    Ending.NOT_FIRED: Text("缺陷没有发作", "never acted"),
    Ending.FALSE_ALARM: Text("误报", "false alarm"),
    Ending.CLEARED: Text("通过", "passed"),
}


@dataclass(frozen=True, slots=True)
class Trial:
    """One scenario of the bank: faulty with the check that must tell, or correct without one."""

    name: str
    text: Text
    check: str | None = None
    scene: str | None = None
    witnessed: bool = True
    scenes: tuple[str, ...] = ()

    @property
    def faulty(self) -> bool:
        """It commits a sin."""
        return self.check is not None

    @property
    def played(self) -> tuple[str, ...]:
        """The scenes in which it acts otherwise than the reference; none named: all of them."""
        return self.scenes or ((self.scene,) if self.scene else ())


@dataclass(frozen=True, slots=True)
class Tried:
    """What was seen of one scenario: how often it acted otherwise, and what each check and each scene came to."""

    trial: Trial
    fired: int
    checks: Mapping[str, Outcome]
    scenes: Mapping[str, Outcome]
    seconds: float
    told: tuple[str, ...] = ()

    @property
    def ending(self) -> Ending:
        """The judgement on the judgement."""
        if not self.trial.faulty:
            return self._of_the_correct()
        if not self.fired:
            return Ending.NOT_FIRED
        if self.checks.get(str(self.trial.check)) is Outcome.FAIL:
            return Ending.CAUGHT
        return Ending.WRONG_REASON if self._graver(Outcome.FAIL) else Ending.SURVIVED

    def _of_the_correct(self) -> Ending:
        if self._accused():
            return Ending.FALSE_ALARM
        return Ending.CLEARED if self.fired or not self.trial.witnessed else Ending.NOT_FIRED

    def _accused(self) -> bool:
        """Where only some scenes were played, a check that saw nothing accuses nobody."""
        unfinished = any(outcome.rank > Outcome.PASS.rank for outcome in self.scenes.values())
        return unfinished or self._graver(Outcome.FAIL if self.trial.scenes else Outcome.INCOMPLETE)

    def _graver(self, least: Outcome) -> bool:
        return any(outcome.rank >= least.rank for outcome in (*self.checks.values(), *self.scenes.values()))


@dataclass(frozen=True, slots=True)
class BankResult:
    """The whole bank's trials, or those that were asked for."""

    tried: tuple[Tried, ...]

    @classmethod
    def of(cls, tried: Iterable[Tried]) -> BankResult:
        """In the order of their names, whichever ended first."""
        return cls(tuple(sorted(tried, key=lambda one: (not one.trial.faulty, one.trial.name))))

    @property
    def good(self) -> bool:
        """Every sin was caught for its own reason, and nothing correct was accused."""
        return all(one.ending.good for one in self.tried)

    def named(self, ending: Ending) -> list[str]:
        """The scenarios that ended so."""
        return [one.trial.name for one in self.tried if one.ending is ending]

    def as_mapping(self) -> dict[str, Any]:
        """The figures with every name that is a blemish."""
        faulty = sum(one.trial.faulty for one in self.tried)
        return {
            "faults": faulty,
            "caught": len(self.named(Ending.CAUGHT)),
            "wrong_reason": self.named(Ending.WRONG_REASON),
            "survivors": self.named(Ending.SURVIVED),
            "not_fired": self.named(Ending.NOT_FIRED),
            "correct": len(self.tried) - faulty,
            "false_alarms": self.named(Ending.FALSE_ALARM),
        }
