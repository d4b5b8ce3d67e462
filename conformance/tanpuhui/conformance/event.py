"""What a run tells its listeners while it goes on; reporters print, the run does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from tanpuhui.conformance.result import RunHeader, RunResult, SceneResult
    from tanpuhui.conformance.verdict import Text, Verdict


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The run begins: what it is, and how much there is to do."""

    header: RunHeader
    scenes: int
    checks: int


@dataclass(frozen=True, slots=True)
class SceneStarted:
    """A scene begins."""

    name: str
    text: Text


@dataclass(frozen=True, slots=True)
class SceneFinished:
    """A scene is over."""

    result: SceneResult


@dataclass(frozen=True, slots=True)
class Judged:
    """A check has its verdict."""

    verdict: Verdict


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The run is over."""

    result: RunResult


RunEvent: TypeAlias = RunStarted | SceneStarted | SceneFinished | Judged | RunFinished
