"""Plays scenes one after another and tells how each went; whatever a scene leaves is in the transcript by then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.chance import chance
from tanpuhui.conformance.driving.json_call import CallFailed
from tanpuhui.conformance.driving.stage import SceneIncomplete, Stage
from tanpuhui.conformance.driving.stand import BadReset
from tanpuhui.conformance.driving.testbed import SIDE as TESTBED_SIDE
from tanpuhui.conformance.judging import Attempt, Crash
from tanpuhui.conformance.recording.recorder import Recorder
from tanpuhui.conformance.result import SceneResult
from tanpuhui.conformance.truth.measured import UnusableSeries
from tanpuhui.conformance.verdict import Outcome, Text
from tanpuhui.conformance.wire import Unreachable

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.props import Props
    from tanpuhui.conformance.plan import RunConfig
    from tanpuhui.conformance.recording.masking import Masker
    from tanpuhui.conformance.recording.transcript import TranscriptWriter
    from tanpuhui.conformance.scene import Scene

Ending = tuple[Outcome, Text | None]


@dataclass(slots=True)
class Theatre:
    """The run's stage manager; `attempt` is the run's boundary against exceptions of the kit itself."""

    config: RunConfig
    props: Props
    writer: TranscriptWriter
    masker: Masker
    attempt: Attempt
    closed: bool = False

    def play(self, scene: Scene) -> SceneResult:
        """One scene from its begin to its end; where nobody answers any more, the theatre closes."""
        recorder = Recorder(self.writer, self.masker, scene.name)
        rng = chance(self.config.seed, scene.name)
        stage = Stage(
            props=self.props,
            recorder=recorder,
            rng=rng,
            schemes=self.props.schemes,
            measured=self.config.measured,
        )
        recorder.begin(scene.text)
        begun = self.props.monotonic()
        outcome, happened = self._ended(lambda: self._driven(scene, stage))
        state = self.attempt(stage.close)
        if isinstance(state, Crash) and not self.closed:
            outcome, happened = Outcome.KIT_ERROR, state.text
        took = round((self.props.monotonic() - begun) * 1000)
        recorder.end(outcome, happened, took, state if isinstance(state, Mapping) else {})
        return SceneResult(scene.name, scene.text.zh, scene.text.en, outcome, happened, took / 1000)

    def _ended(self, drive: Any) -> Ending:
        ending = self.attempt(drive)
        return (Outcome.KIT_ERROR, ending.text) if isinstance(ending, Crash) else ending

    def _driven(self, scene: Scene, stage: Stage) -> Ending:
        try:
            scene.drive(stage)
        except (SceneIncomplete, BadReset) as ended:
            return Outcome.INCOMPLETE, ended.text
        except Unreachable as unreachable:
            self.closed = True
            return Outcome.INCOMPLETE, _nobody(unreachable)
        except UnusableSeries as unusable:
            return Outcome.INCOMPLETE, Text(unusable.zh, unusable.en)
        except CallFailed as failed:
            blame = Outcome.INCOMPLETE if failed.side == TESTBED_SIDE else Outcome.KIT_ERROR
            return blame, Text.both(str(failed))
        return Outcome.PASS, None


def _nobody(unreachable: Unreachable) -> Text:
    return Text(f"{unreachable.url} 不可达（{unreachable.what}）", f"{unreachable.url} cannot be reached")
