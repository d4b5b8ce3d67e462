"""Verdict words and what stands behind them: a verdict only ever gets worse, and silence is never a pass."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KEPT_OBSERVATIONS = 25


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages, Chinese first."""

    zh: str
    en: str

    @classmethod
    def both(cls, sentence: str) -> Self:
        """Reads «中文 / English»; a sentence without a slash stands for both."""
        zh, slash, en = " ".join(sentence.split()).partition(" / ")
        return cls(zh, en if slash else zh)

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of as_mapping."""
        return cls(str(data["zh"]), str(data["en"]))

    def as_mapping(self) -> dict[str, str]:
        """As it stands in results and transcripts."""
        return {"zh": self.zh, "en": self.en}

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"


class Outcome(StrEnum):
    """The verdict words, from the mildest to the gravest; an error of the kit outranks all."""

    NOT_APPLICABLE = "not_applicable"
    PASS = "pass"  # noqa: S105  # a verdict word  # a verdict word
    INCOMPLETE = "incomplete"
    FAIL = "fail"
    KIT_ERROR = "kit_error"

    @property
    def rank(self) -> int:
        """Place in the order; a higher rank is worse."""
        return list(Outcome).index(self)

    @property
    def words(self) -> Text:
        """The word that users read."""
        return _WORDS[self]

    def worsened_by(self, other: Outcome) -> Outcome:
        """The graver of two outcomes: the only way in which outcomes combine."""
        return max(self, other, key=lambda outcome: outcome.rank)


_WORDS = {
    Outcome.NOT_APPLICABLE: Text("不适用", "not applicable"),
    Outcome.PASS: Text("符合", "pass"),
    Outcome.INCOMPLETE: Text("未判定", "incomplete"),
    Outcome.FAIL: Text("不符合", "fail"),
    Outcome.KIT_ERROR: Text("工具错误", "kit error"),
}


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The gravest of several outcomes; none at all is not applicable."""
    gravest = Outcome.NOT_APPLICABLE
    for outcome in outcomes:
        gravest = gravest.worsened_by(outcome)
    return gravest


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that a check looked at: what the law expects, what was seen, and where (entry number)."""

    ok: bool
    expected: Text
    observed: Text
    exchange: int | None = None

    def as_mapping(self) -> dict[str, Any]:
        """As it stands in a result."""
        return {
            "ok": self.ok,
            "expected": self.expected.as_mapping(),
            "observed": self.observed.as_mapping(),
            "exchange": self.exchange,
        }

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of as_mapping."""
        expected, observed = Text.from_mapping(data["expected"]), Text.from_mapping(data["observed"])
        return cls(bool(data["ok"]), expected, observed, data["exchange"])


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check found: the outcome, the observations behind it (failing ones first) and, if none, why."""

    check: str
    requirement: str
    scenes: tuple[str, ...]
    outcome: Outcome
    observations: tuple[Observation, ...] = ()
    judged: int = 0
    reason: Text | None = None

    def worsened_by(self, outcome: Outcome, reason: Text) -> Verdict:
        """The same verdict, raised where the outcome is graver; the reason is told only then."""
        if outcome.rank <= self.outcome.rank:
            return self
        return Verdict(
            self.check, self.requirement, self.scenes, outcome, self.observations, self.judged, reason
        )

    def as_mapping(self) -> dict[str, Any]:
        """As it stands in a result."""
        return {
            "check": self.check,
            "requirement": self.requirement,
            "scenes": list(self.scenes),
            "outcome": self.outcome.value,
            "judged": self.judged,
            "reason": self.reason.as_mapping() if self.reason else None,
            "observations": [observation.as_mapping() for observation in self.observations],
        }

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of as_mapping."""
        return cls(
            check=str(data["check"]),
            requirement=str(data["requirement"]),
            scenes=tuple(data["scenes"]),
            outcome=Outcome(data["outcome"]),
            observations=tuple(Observation.from_mapping(item) for item in data["observations"]),
            judged=int(data["judged"]),
            reason=Text.from_mapping(data["reason"]) if data["reason"] else None,
        )


def verdict_from(
    check: str, requirement: str, scenes: tuple[str, ...], observations: Iterable[Observation]
) -> Verdict:
    """Observations become a verdict: one failing one suffices to fail, and none at all is incomplete."""
    seen = tuple(observations)
    kept = tuple(sorted(seen, key=lambda observation: observation.ok))[:KEPT_OBSERVATIONS]
    if not seen:
        return Verdict(check, requirement, scenes, Outcome.INCOMPLETE, reason=NOTHING_SEEN)
    outcome = Outcome.PASS if all(observation.ok for observation in seen) else Outcome.FAIL
    return Verdict(check, requirement, scenes, outcome, kept, len(seen))


NOTHING_SEEN = Text("没有可供判定的观察", "nothing was observed that could be judged")
