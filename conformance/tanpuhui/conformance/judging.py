"""From a transcript to verdicts: pure and repeatable, the same while a run goes on and years later offline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from tanpuhui.conformance.plan import Plan
from tanpuhui.conformance.recording.evidence import Evidence
from tanpuhui.conformance.result import RunHeader, RunResult, SceneResult
from tanpuhui.conformance.verdict import Observation, Outcome, Text, Verdict, verdict_from, worst

if TYPE_CHECKING:
    from tanpuhui.conformance.check import Check
    from tanpuhui.conformance.recording.transcript import Transcript

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Crash:
    """An exception of the kit itself, without its values: where and of what kind."""

    text: Text


Attempt: TypeAlias = Callable[[Callable[[], Any]], Any]


def directly(action: Callable[[], T]) -> T:
    """No boundary: an exception of a check goes through to the caller."""
    return action()


def judge(transcript: Transcript, plan: Plan, attempt: Attempt = directly) -> tuple[Verdict, ...]:
    """A verdict for every check of the plan; `attempt` is the boundary that turns an exception into a Crash."""
    return tuple(judging(transcript, plan, attempt))


def judging(transcript: Transcript, plan: Plan, attempt: Attempt = directly) -> Iterator[Verdict]:
    """The same one by one, prerequisites before those that depend on them."""
    evidence = Evidence.of(transcript)
    known: dict[str, Verdict] = {}
    for check in _in_order(plan.checks):
        verdict = _verdict(check, plan, evidence, known, attempt)
        known[check.id] = verdict
        yield verdict


def result_of(transcript: Transcript, attempt: Attempt = directly) -> RunResult:
    """The result that a transcript proves, whoever asks and whenever."""
    plan = Plan.from_mapping(transcript.header["plan"])
    verdicts = judge(transcript, plan, attempt)
    return result_from(transcript, plan, verdicts)


def result_from(transcript: Transcript, plan: Plan, verdicts: Iterable[Verdict]) -> RunResult:
    """Verdicts, in the order of the plan, with the scenes and the run's own outcome."""
    by_check = {verdict.check: verdict for verdict in verdicts}
    ordered = tuple(by_check[check.id] for check in plan.checks)
    played = tuple(_scene_results(transcript))
    deciding = [by_check[check.id].outcome for check in plan.checks if plan.counts(check)]
    errors = [verdict.outcome for verdict in ordered if verdict.outcome is Outcome.KIT_ERROR]
    return RunResult(
        header=RunHeader.from_mapping(transcript.header["run"]),
        verdicts=ordered,
        outcome=worst([*deciding, *errors, *_beyond_pass(played)]),
        scenes=played,
        transcript_digest=transcript.digest,
    )


def _beyond_pass(played: Iterable[SceneResult]) -> list[Outcome]:
    return [scene.outcome for scene in played if scene.outcome.rank > Outcome.PASS.rank]


def _scene_results(transcript: Transcript) -> Iterator[SceneResult]:
    titles = {
        entry["scene"]: entry for entry in transcript.entries if entry.kind == "scene" and entry.get("zh")
    }
    for scene in Evidence.of(transcript).scenes:
        title = titles[scene.name]
        yield SceneResult(scene.name, title["zh"], title["en"], scene.outcome, scene.happened, scene.seconds)


def _in_order(checks: tuple[Check, ...]) -> list[Check]:
    by_id = {check.id: check for check in checks}
    graph = {check.id: [name for name in check.after if name in by_id] for check in checks}
    return [by_id[name] for name in TopologicalSorter(graph).static_order()]


def _verdict(
    check: Check, plan: Plan, evidence: Evidence, known: dict[str, Verdict], attempt: Attempt
) -> Verdict:
    played = plan.scenes_of(check)
    bare = Verdict(check.id, check.requirement, played, Outcome.NOT_APPLICABLE)
    condition = plan.condition_of(check)
    if condition is not None:
        return Verdict(check.id, check.requirement, played, Outcome.NOT_APPLICABLE, reason=condition)
    if (blocker := _blocker(check, known)) is not None:
        return bare.worsened_by(Outcome.INCOMPLETE, _blocked_by(blocker))
    absent = [name for name in played if not evidence.has(name)]
    seen = attempt(lambda: tuple(check.judge(evidence.only(played))))
    if isinstance(seen, Crash):
        return bare.worsened_by(Outcome.KIT_ERROR, seen.text)
    return _lowered_by_scenes(_from(check, played, seen), evidence, played, absent)


def _from(check: Check, played: tuple[str, ...], seen: tuple[Observation, ...]) -> Verdict:
    return verdict_from(check.id, check.requirement, played, seen)


def _lowered_by_scenes(
    verdict: Verdict, evidence: Evidence, played: tuple[str, ...], absent: list[str]
) -> Verdict:
    """What was seen in a scene that did not end well can fail a check, but not pass it."""
    if absent:
        names = Text(f"场面 {'、'.join(absent)} 没有演出", f"scene {', '.join(absent)} was not played")
        return verdict.worsened_by(Outcome.INCOMPLETE, names)
    for scene in evidence.only(played).scenes:
        if scene.outcome is not Outcome.PASS:
            why = scene.happened or Text("未演完", "it did not end")
            reason = Text(f"场面 {scene.name}：{why.zh}", f"scene {scene.name}: {why.en}")
            return verdict.worsened_by(Outcome.INCOMPLETE, reason)
    return verdict


def _blocker(check: Check, known: dict[str, Verdict]) -> Verdict | None:
    before = (known[name] for name in check.after if name in known)
    return next((verdict for verdict in before if _blocks(verdict)), None)


def _blocks(verdict: Verdict) -> bool:
    """What failed blocks, and what was blocked itself; what a scene left open says nothing about what comes after."""
    blocked = verdict.reason is not None and verdict.reason.zh.startswith(_BLOCKED)
    return blocked or verdict.outcome.rank >= Outcome.FAIL.rank


def _blocked_by(blocker: Verdict) -> Text:
    """Names the root, so that one cause is read once."""
    if blocker.reason is not None and blocker.reason.zh.startswith(_BLOCKED):
        return blocker.reason
    return Text(f"{_BLOCKED}{blocker.check} 未通过", f"blocked: {blocker.check} did not pass")


_BLOCKED = "前置检查 "
