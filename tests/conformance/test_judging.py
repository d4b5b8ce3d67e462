"""Judging is pure: the same transcript gives the same verdicts, silence never passes, and one cause is told once."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from tanpuhui.conformance.check import Check
from tanpuhui.conformance.judging import directly, judge, result_from
from tanpuhui.conformance.plan import Plan, Selection
from tanpuhui.conformance.recording.masking import Masker
from tanpuhui.conformance.recording.recorder import Recorder
from tanpuhui.conformance.recording.transcript import Transcript, TranscriptWriter, transcript_of
from tanpuhui.conformance.run import guarded
from tanpuhui.conformance.scene import scenes
from tanpuhui.conformance.verdict import Observation, Outcome, Text, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tanpuhui.conformance.recording.evidence import Evidence

SAID = Text("一句话", "a sentence")
RUN = {
    "run_id": "r", "edition": "2026.1", "seed": 1, "kit_version": "0", "law_digest": "", "kit_digest": "", "bank": None,
    "scenario": {}, "started_at": "", "evidence_class": "self-run", "config_digest": "",
}  # fmt: skip


def _transcript(outcome: Outcome = Outcome.PASS, scene: str = "first_report") -> Transcript:
    stream = io.BytesIO()
    writer = TranscriptWriter(stream)
    writer.append("header", run=RUN, plan={})
    recorder = Recorder(writer, Masker(), scene)
    recorder.begin(SAID)
    recorder.end(outcome, None if outcome is Outcome.PASS else Text("没等到", "it did not come"), 5, {})
    writer.append("end")
    return transcript_of(stream.getvalue())


def _sees(*oks: bool) -> object:
    def judge_it(evidence: Evidence) -> Iterator[Observation]:
        assert [scene.name for scene in evidence.scenes] in ([], ["first_report"])
        yield from (Observation(ok, SAID, SAID) for ok in oks)

    return judge_it


def _crashes(_: Evidence) -> Iterator[Observation]:
    raise KeyError("13800138000")
    yield


def _check(requirement: str, sees: object, **members: object) -> Check:
    given: dict[str, object] = {"scenes": ("first_report",), "needs": frozenset(), "after": ()} | members
    return Check(id=f"{requirement}/a", requirement=requirement, text=SAID, judge=sees, **given)  # type: ignore[arg-type]


def _plan(*checks: Check, claims: frozenset[str] = frozenset({"PV"})) -> Plan:
    return Plan("2026.1", claims, Selection(), (scenes()["first_report"],), checks)


def _verdicts(*checks: Check, transcript: Transcript | None = None) -> dict[str, Verdict]:
    found = judge(transcript or _transcript(), _plan(*checks), guarded)
    return {verdict.requirement: verdict for verdict in found}


@pytest.mark.parametrize(
    ("oks", "outcome"),
    [((), Outcome.INCOMPLETE), ((True,), Outcome.PASS), ((True, False, True), Outcome.FAIL)],
)
def test_what_was_observed_decides(oks: tuple[bool, ...], outcome: Outcome) -> None:
    assert _verdicts(_check("CAL-001", _sees(*oks)))["CAL-001"].outcome is outcome


def test_the_same_transcript_gives_the_same_verdicts() -> None:
    plan = _plan(_check("CAL-001", _sees(True)), _check("CAL-002", _sees(False)))
    assert judge(_transcript(), plan) == judge(_transcript(), plan)


def test_a_scene_that_did_not_end_well_can_fail_a_check_but_not_pass_it() -> None:
    cut = _transcript(Outcome.INCOMPLETE)
    found = _verdicts(_check("CAL-001", _sees(True)), _check("CAL-002", _sees(False)), transcript=cut)
    assert found["CAL-001"].outcome is Outcome.INCOMPLETE
    assert found["CAL-001"].reason == Text("场面 first_report：没等到", "scene first_report: it did not come")
    assert found["CAL-002"].outcome is Outcome.FAIL


def test_a_scene_that_was_not_played_leaves_its_checks_undecided() -> None:
    verdict = _verdicts(_check("CAL-001", _sees(True)), transcript=_transcript(scene="truth"))["CAL-001"]
    assert verdict.outcome is Outcome.INCOMPLETE
    assert verdict.reason is not None
    assert "first_report" in verdict.reason.zh


def test_what_hangs_on_a_failed_check_is_not_judged_and_names_the_root() -> None:
    found = _verdicts(
        _check("CAL-003", _sees(True), after=("CAL-002/a",)),
        _check("CAL-002", _sees(True), after=("CAL-001/a",)),
        _check("CAL-001", _sees(False)),
    )
    assert [found[name].outcome for name in ("CAL-001", "CAL-002", "CAL-003")] == [
        Outcome.FAIL, Outcome.INCOMPLETE, Outcome.INCOMPLETE,
    ]  # fmt: skip
    assert (
        found["CAL-003"].reason
        == found["CAL-002"].reason
        == Text("前置检查 CAL-001/a 未通过", "blocked: CAL-001/a did not pass")
    )


def test_what_is_not_claimed_does_not_apply_and_names_its_condition() -> None:
    verdict = _verdicts(_check("CAL-001", _sees(False), needs=frozenset({"BIKE"})))["CAL-001"]
    assert verdict.outcome is Outcome.NOT_APPLICABLE
    assert verdict.reason == Text("未声明 BIKE", "BIKE not claimed")


def test_a_prerequisite_that_does_not_apply_blocks_nothing() -> None:
    found = _verdicts(
        _check("CAL-001", _sees(False), needs=frozenset({"BIKE"})),
        _check("CAL-002", _sees(True), after=("CAL-001/a",)),
    )
    assert found["CAL-002"].outcome is Outcome.PASS


def test_a_prerequisite_that_a_scene_left_open_hides_no_failure() -> None:
    found = _verdicts(
        _check("CAL-001", _sees(True)),
        _check("CAL-002", _sees(False), after=("CAL-001/a",)),
        transcript=_transcript(Outcome.INCOMPLETE),
    )
    assert found["CAL-001"].outcome is Outcome.INCOMPLETE
    assert found["CAL-002"].outcome is Outcome.FAIL


def test_a_crash_of_a_check_is_the_kits_fault_and_tells_no_values() -> None:
    verdict = _verdicts(_check("CAL-001", _crashes))["CAL-001"]
    assert verdict.outcome is Outcome.KIT_ERROR
    assert verdict.reason is not None
    assert "KeyError" in verdict.reason.en
    assert "13800138000" not in str(verdict.reason)


def test_without_the_boundary_a_crash_goes_through() -> None:
    with pytest.raises(KeyError):
        judge(_transcript(), _plan(_check("CAL-001", _crashes)), directly)


def _outcome(*checks: Check, transcript: Transcript | None = None) -> Outcome:
    played = transcript or _transcript()
    plan = _plan(*checks)
    return result_from(played, plan, judge(played, plan, guarded)).outcome


def test_the_run_is_as_bad_as_its_worst() -> None:
    assert _outcome(_check("CAL-001", _sees(True))) is Outcome.PASS
    assert _outcome(_check("CAL-001", _sees(True)), _check("CAL-002", _sees())) is Outcome.INCOMPLETE
    assert _outcome(_check("CAL-001", _sees(False)), _check("CAL-002", _crashes)) is Outcome.KIT_ERROR
    assert (
        _outcome(_check("CAL-001", _sees(True)), transcript=_transcript(Outcome.KIT_ERROR))
        is Outcome.KIT_ERROR
    )


def test_a_recommendation_decides_nothing() -> None:
    assert _outcome(_check("CAL-001", _sees(True)), _check("WRT-009", _sees(False))) is Outcome.PASS


def test_a_run_in_which_nothing_applied_has_shown_nothing() -> None:
    alone = _check("CAL-001", _sees(True), needs=frozenset({"BIKE"}))
    assert _outcome(alone) is not Outcome.FAIL
    assert _verdicts(alone)["CAL-001"].outcome is Outcome.NOT_APPLICABLE
