"""Verdicts only get worse, silence is no pass, and a result is the same after a journey through JSON."""

from __future__ import annotations

import json
from itertools import product

import pytest

from tanpuhui.conformance.result import InvalidResult, RunHeader, RunResult, SceneResult
from tanpuhui.conformance.verdict import (
    KEPT_OBSERVATIONS,
    Observation,
    Outcome,
    Text,
    Verdict,
    verdict_from,
    worst,
)

RISING = [Outcome.NOT_APPLICABLE, Outcome.PASS, Outcome.INCOMPLETE, Outcome.FAIL, Outcome.KIT_ERROR]
DIGEST = "sha256:" + "0" * 64


def _seen(*, ok: bool) -> Observation:
    return Observation(ok, Text("期望", "expected"), Text("所见", "seen"), 3)


def _verdict(*observations: Observation) -> Verdict:
    return verdict_from("CAL-001/a", "CAL-001", ("first_report",), observations)


def _result() -> RunResult:
    header = RunHeader(
        "run", "2026.1", 7, "0.1", DIGEST, DIGEST, None, {"name": "场景", "version": "1", "schemes": ["PV"]},
        "2026-03-01T00:00:00+08:00", "self-run", DIGEST,
    )  # fmt: skip
    scene = SceneResult("first_report", "首次", "first", Outcome.INCOMPLETE, Text("停了", "stopped"), 0.25)
    verdicts = (_verdict(_seen(ok=False)), _verdict())
    return RunResult(header, verdicts, Outcome.FAIL, (scene,), DIGEST)


def test_the_order_of_the_words_is_that_of_the_law() -> None:
    assert sorted(Outcome, key=lambda outcome: outcome.rank) == RISING
    assert [str(outcome.words) for outcome in RISING] == [
        "不适用 / not applicable", "符合 / pass", "未判定 / incomplete", "不符合 / fail", "工具错误 / kit error",
    ]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), list(product(Outcome, repeat=2)))
def test_two_outcomes_make_the_graver_one(one: Outcome, other: Outcome) -> None:
    assert one.worsened_by(other) == worst([one, other]) == RISING[max(one.rank, other.rank)]


def test_a_verdict_is_never_improved() -> None:
    failed = _verdict(_seen(ok=False))
    assert failed.worsened_by(Outcome.INCOMPLETE, Text("因", "why")) is failed
    raised = failed.worsened_by(Outcome.KIT_ERROR, Text("因", "why"))
    assert (raised.outcome, raised.reason) == (Outcome.KIT_ERROR, Text("因", "why"))


def test_seeing_nothing_is_incomplete() -> None:
    assert _verdict().outcome is Outcome.INCOMPLETE
    assert _verdict().reason is not None


def test_one_failing_observation_among_many_fails_and_comes_first() -> None:
    verdict = _verdict(*[_seen(ok=True)] * 100, _seen(ok=False))
    assert verdict.outcome is Outcome.FAIL
    assert verdict.observations[0].ok is False
    assert (verdict.judged, len(verdict.observations)) == (101, KEPT_OBSERVATIONS)


def test_a_result_survives_its_json() -> None:
    assert RunResult.from_json(_result().to_json()) == _result()


@pytest.mark.parametrize(
    ("place", "value"),
    [("outcome", "splendid"), ("transcript_digest", "sha256:0"), ("verdicts", [{}]), ("surplus", 1)],
)
def test_what_is_no_result_is_refused_with_its_place(place: str, value: object) -> None:
    data = json.loads(_result().to_json()) | {place: value}
    with pytest.raises(InvalidResult, match="结构"):
        RunResult.from_json(json.dumps(data))


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(InvalidResult, match="JSON"):
        RunResult.from_json("{")


def test_a_sentence_is_split_at_its_slash() -> None:
    assert Text.both("每批  不超过 7 条 / at most 7") == Text("每批 不超过 7 条", "at most 7")
    assert Text.both("application/json") == Text("application/json", "application/json")
