"""A whole run against the reference scenario: every scene plays, and the transcript alone gives the same result."""

from __future__ import annotations

import socket
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tanpuhui.conformance.event import Judged, RunEvent, RunFinished, RunStarted, SceneFinished, SceneStarted
from tanpuhui.conformance.plan import RunConfig, ScenarioClaims, Selection
from tanpuhui.conformance.recording.evidence import Evidence
from tanpuhui.conformance.recording.transcript import read_transcript
from tanpuhui.conformance.result import RunResult
from tanpuhui.conformance.run import TRANSCRIPT, guarded, rejudge, run
from tanpuhui.conformance.scene import scenes
from tanpuhui.conformance.trouble import Trouble
from tanpuhui.conformance.truth.measured import MeasuredSeries
from tanpuhui.conformance.verdict import Outcome
from tanpuhui.mock_platform.serving import PlatformServer
from tanpuhui.reference_client.scenario import Scenario
from tanpuhui.reference_client.serving import ScenarioServer
from tanpuhui.spec.element import schemes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "a-testbed-token-that-nobody-shall-read"
BEGIN = datetime(2019, 5, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Played:
    """A run that is over."""

    result: RunResult
    events: tuple[RunEvent, ...]
    path: Path


@pytest.fixture(scope="module")
def testbed_url() -> Iterator[str]:
    with Scenario() as scenario, ScenarioServer(scenario, testbed_token=TOKEN) as server:
        assert server.testbed_url is not None
        yield server.testbed_url


def _config(testbed_url: str, out_dir: Path, **members: Any) -> RunConfig:
    claims = ScenarioClaims("参考场景", "1.0", tuple(schemes()), uploads=True)
    config = RunConfig("run-1", "2026.1", 7, claims, testbed_url, out_dir, TOKEN)
    return replace(config, **members)


def _measured(folder: Path) -> MeasuredSeries:
    rows = (
        f"{(BEGIN + timedelta(hours=n)).isoformat()},{n % 24 * 100 - 300 + n % 7}.25" for n in range(24 * 40)
    )
    path = folder / "measured.csv"
    path.write_text("\n".join(["time,ac_power", *rows]), encoding="utf-8")
    return MeasuredSeries(path, "6.000", "2010-01-01", 3600)


@pytest.fixture(scope="module")
def played(testbed_url: str, tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("whole")
    events: list[RunEvent] = []
    config = _config(testbed_url, folder / "out", measured=_measured(folder))
    return Played(run(config, events.append), tuple(events), folder / "out" / TRANSCRIPT)


def test_every_scene_is_played_to_its_end(played: Played) -> None:
    assert [scene.name for scene in played.result.scenes] == list(scenes())
    assert [(scene.name, scene.happened) for scene in played.result.scenes if scene.happened] == []


def test_nothing_in_a_full_run_is_the_kits_fault(played: Played) -> None:
    assert [verdict for verdict in played.result.verdicts if verdict.outcome is Outcome.KIT_ERROR] == []


def test_the_reference_keeps_the_rules_of_calling(played: Played) -> None:
    calling = [verdict for verdict in played.result.verdicts if verdict.check.startswith("CAL-")]
    assert {verdict.check: verdict.outcome for verdict in calling} == {
        verdict.check: Outcome.PASS for verdict in calling
    }


def test_the_transcript_alone_gives_the_same_result(played: Played) -> None:
    assert rejudge(played.path) == played.result
    assert RunResult.from_json(played.result.to_json()) == played.result


def test_listeners_hear_the_run_in_its_order(played: Played) -> None:
    kinds = [type(event) for event in played.events]
    count = len(played.result.scenes)
    assert kinds[0] is RunStarted
    assert kinds[1 : 1 + 2 * count] == [SceneStarted, SceneFinished] * count
    assert kinds[1 + 2 * count : -1] == [Judged] * len(played.result.verdicts)
    assert kinds[-1] is RunFinished


def test_no_secret_is_in_the_transcript(played: Played) -> None:
    text = played.path.read_text(encoding="utf-8")
    assert TOKEN not in text
    assert '"d":' not in text
    assert "PRIVATE KEY" not in text


def test_what_was_invented_is_what_was_reported(played: Played) -> None:
    evidence = Evidence.of(read_transcript(played.path))
    for name in ("truth", "year_end", "measured"):
        scene = evidence.scene(name)
        assert scene.unreported == ()
        assert all(one.expected is not None and one.expected.due for one in scene.reported)
        for one in scene.reported:
            assert one.expected is not None
            assert {key: one.sent.record[key] for key in one.expected.record} == dict(one.expected.record)


def test_every_fault_that_had_to_strike_did(played: Played) -> None:
    evidence = Evidence.of(read_transcript(played.path))
    for name in ("lost_answer", "rate_limited", "back_off", "refused", "event_order", "broken_receipt"):
        scene = evidence.scene(name)
        assert scene.faults
        assert all(scene.fired[fault] >= 1 for fault in scene.faults)


def test_each_forgery_is_refused_for_its_own_reason_and_the_valid_ones_are_not(played: Played) -> None:
    evidence = Evidence.of(read_transcript(played.path))
    for name in ("event_attacks", "health"):
        scene = evidence.scene(name)
        by_seq = {exchange.seq: exchange for exchange in scene.exchanges}
        for note in scene.noted("attack"):
            exchange = by_seq[note["exchange"]]
            if note["problems"]:
                assert (note["name"], exchange.problem_code in note["problems"]) == (note["name"], True)
            else:
                assert exchange.answered_ok, note["name"]


def test_the_judges_own_readings_are_not_taken_for_the_scenarios(played: Played) -> None:
    first = Evidence.of(read_transcript(played.path)).scene("first_report")
    assert first.calls()[0].operation == "getDiscovery"
    assert len(first.calls("getDiscovery")) == 1


def test_the_same_seed_invents_the_same_truth(testbed_url: str, tmp_path: Path) -> None:
    selection = Selection(scenes=("first_report",))
    truths = []
    for number, seed in enumerate((5, 5, 6)):
        config = _config(testbed_url, tmp_path / str(number), seed=seed, selection=selection)
        run(config)
        truths.append(Evidence.of(read_transcript(config.out_dir / TRANSCRIPT)).scene("first_report").world)
    assert truths[0] == truths[1]
    assert truths[0] != truths[2]


def test_the_same_seed_gives_the_same_verdicts(testbed_url: str, tmp_path: Path) -> None:
    selection = Selection(scenes=("truth", "lost_answer", "event_attacks"))
    runs = [run(_config(testbed_url, tmp_path / name, seed=5, selection=selection)) for name in "ab"]
    told = [{verdict.check: (verdict.outcome, verdict.reason) for verdict in one.verdicts} for one in runs]
    assert told[0] == told[1]
    assert runs[0].outcome == runs[1].outcome == Outcome.PASS


def test_a_scenario_that_is_not_there_leaves_the_run_incomplete(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        result = run(_config(url, tmp_path))
    assert result.outcome is Outcome.INCOMPLETE
    (only,) = result.scenes
    assert only.happened is not None
    assert "不可达" in only.happened.zh


def test_a_testbed_that_answers_something_else_is_named(testbed_url: str, tmp_path: Path) -> None:
    config = _config(testbed_url + "/nowhere", tmp_path, selection=Selection(scenes=("first_report",)))
    (scene,) = run(config).scenes
    assert scene.outcome is Outcome.INCOMPLETE
    assert scene.happened is not None
    assert "POST /reset" in scene.happened.zh


def test_a_useless_measured_series_is_no_fault_of_the_kit(testbed_url: str, tmp_path: Path) -> None:
    series = MeasuredSeries(tmp_path / "series.csv", "6.000", "2010-01-01", 3600)
    series.path.write_text("time,power\n", encoding="utf-8")
    config = _config(
        testbed_url, tmp_path / "out", measured=series, selection=Selection(scenes=("measured",))
    )
    (scene,) = run(config).scenes
    assert scene.outcome is Outcome.INCOMPLETE
    assert "series.csv" in str(scene.happened)


def test_a_measured_series_that_is_not_there_is_told_before_anything_starts(tmp_path: Path) -> None:
    series = MeasuredSeries(tmp_path / "none.csv", "6.000", "2010-01-01", 3600)
    with pytest.raises(Trouble, match="无法读取"):
        run(_config("http://127.0.0.1:9", tmp_path / "out", measured=series))


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Trouble, match="无法写入"):
        run(_config("http://127.0.0.1:9", tmp_path / "file" / "out"))


def test_a_platform_that_runs_already_serves_as_well(testbed_url: str, tmp_path: Path) -> None:
    with PlatformServer() as platform:
        selection = Selection(scenes=("first_report",))
        config = _config(testbed_url, tmp_path, control_url=platform.control_url, selection=selection)
        (scene,) = run(config).scenes
    assert scene.happened is None


def test_a_former_run_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / TRANSCRIPT).write_bytes(b"")
    with pytest.raises(Trouble, match="已存在"):
        run(_config("http://127.0.0.1:9", tmp_path))


def test_an_exception_of_the_kit_tells_its_kind_and_place_and_no_values() -> None:
    crash = guarded(lambda: {}["13800138000"])
    assert "KeyError @ test_run.py" in crash.text.en
    assert "13800138000" not in str(crash.text)
