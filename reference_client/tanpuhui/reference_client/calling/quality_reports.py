"""What the platform answers about the quality of a day or a month (QUA-003)."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  # types are read at run time
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003


@dataclass(frozen=True, slots=True)
class RuleResult:
    """How often a rule applied and how often it was broken, with a few records that broke it."""

    rule: str
    applicable: int
    violations: int
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SchemeQuality:
    """One scheme's scores, grade and rules; scores are decimal text, None where there is nothing to judge."""

    scheme: str
    records: int
    scores: Mapping[str, str | None]
    score: str | None
    grade: str | None
    consequence: str | None
    rules: tuple[RuleResult, ...]


@dataclass(frozen=True, slots=True)
class QualityReport:
    """The quality report of one business day or month."""

    period: str
    kind: str
    generated_at: datetime
    schemes: tuple[SchemeQuality, ...]
