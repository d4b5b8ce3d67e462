"""A run from its configuration to its result; the one place where an exception of the kit is caught."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from typing import Any

from tanpuhui.conformance.driving.instrument import PlatformControl
from tanpuhui.conformance.driving.props import Props
from tanpuhui.conformance.driving.testbed import ScenarioTestbed
from tanpuhui.conformance.event import Judged, RunEvent, RunFinished, RunStarted, SceneFinished, SceneStarted
from tanpuhui.conformance.judging import Crash, judging, result_from, result_of
from tanpuhui.conformance.kit import kit_digest
from tanpuhui.conformance.plan import Plan, RunConfig, plan_for
from tanpuhui.conformance.recording.masking import Masker
from tanpuhui.conformance.recording.transcript import FORMAT, TranscriptWriter, read_transcript
from tanpuhui.conformance.result import SELF_RUN, RunHeader, RunResult
from tanpuhui.conformance.theatre import Theatre
from tanpuhui.conformance.trouble import Trouble
from tanpuhui.conformance.verdict import Text
from tanpuhui.conformance.wire import Wire
from tanpuhui.spec.business_time import instant_text
from tanpuhui.spec.law import law_digest
from tanpuhui.spec.signing import SigningKey
from tanpuhui.spec.strict_json import canonical_json
from tanpuhui.spec.version import __version__

TRANSCRIPT = "transcript.jsonl"
Listener = Callable[[RunEvent], object]


def run(
    config: RunConfig,
    on_event: Listener = lambda _: None,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    monotonic: Callable[[], float] = time.monotonic,
) -> RunResult:
    """Plays every scene of the plan, then judges the transcript that they left; `on_event` is told as it goes."""
    plan = plan_for(config.edition, config.claims, config.selection)
    header = header_of(config, now())
    on_event(RunStarted(header, len(plan.scenes), len(plan.checks)))
    path = config.out_dir / TRANSCRIPT
    with _new_transcript(path) as writer, Wire() as wire, _platform(config, wire) as control:
        writer.append("header", format=FORMAT, run=header.as_mapping(), plan=plan.as_mapping())
        _play(config, plan, (writer, wire, control, monotonic), on_event)
        writer.append("end", scenes=len(plan.scenes))
    result = _judge(path, plan, on_event)
    on_event(RunFinished(result))
    return result


def rejudge(path: Path) -> RunResult:
    """The result that a stored transcript proves, by the same boundary as in a run."""
    return result_of(read_transcript(path), guarded)


def header_of(config: RunConfig, started_at: datetime) -> RunHeader:
    """Everything that a verdict of this run could depend on."""
    scenario = config.scenario
    return RunHeader(
        run_id=config.run_id,
        edition=config.edition,
        seed=config.seed,
        kit_version=__version__,
        law_digest=law_digest(),
        kit_digest=kit_digest(),
        bank=config.bank,
        scenario={
            "name": scenario.name,
            "version": scenario.version,
            "schemes": sorted(scenario.schemes),
        },
        started_at=instant_text(started_at),
        evidence_class=SELF_RUN,
        config_digest=config_digest(config),
    )


def config_digest(config: RunConfig) -> str:
    """Of what was claimed and asked for; secrets, places of output and the run's own name are left out."""
    scenario, measured = config.scenario, config.measured
    stated = {
        "edition": config.edition,
        "scenario": [scenario.name, scenario.version, sorted(scenario.schemes), scenario.base_url],
        "uploads": scenario.uploads,
        "testbed_url": config.testbed_url,
        "control_url": config.control_url,
        "ids": list(config.selection.ids),
        "scenes": list(config.selection.scenes),
        "measured": _file_digest(measured.path) if measured else None,
    }
    return "sha256:" + hashlib.sha256(canonical_json(stated)).hexdigest()


def _file_digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise Trouble(
            f"实测数据 {path} 无法读取（{type(error).__name__}）",
            f"the measured series {path} cannot be read ({type(error).__name__})",
            "修正配置中的路径，或去掉实测数据",
            "correct its path in the configuration, or leave the series out",
        ) from error


def guarded(action: Callable[[], Any]) -> Any:
    """The boundary: an exception of the kit becomes a Crash that tells its kind and place, never its values."""
    try:
        return action()
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the kit's and not the scenario's  # whatever it is, it is the kit's and not the scenario's
        frames = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)]
        place = f"{type(error).__name__} @ {frames[-1] if frames else '?'}"
        return Crash(Text(f"工具错误：{place}", f"kit error: {place}"))


def _play(
    config: RunConfig,
    plan: Plan,
    place: tuple[TranscriptWriter, Wire, PlatformControl, Callable[[], float]],
    on_event: Listener,
) -> None:
    writer, wire, control, monotonic = place
    key, masker = SigningKey.generate(), Masker()
    masker.register([config.testbed_token, str(key.private_jwk().get("d"))])
    props = Props(
        run_id=config.run_id,
        wire=wire,
        control=control,
        testbed=ScenarioTestbed.at(wire, config.testbed_url, config.testbed_token),
        platform_key=key,
        schemes=tuple(sorted(config.scenario.schemes)),
        edition=config.edition,
        scenario={"name": config.scenario.name, "base_url": config.scenario.base_url},
        monotonic=monotonic,
    )
    theatre = Theatre(config, props, writer, masker, guarded)
    for scene in plan.scenes:
        on_event(SceneStarted(scene.name, scene.text))
        on_event(SceneFinished(theatre.play(scene)))
        if theatre.closed:
            return


def _judge(path: Path, plan: Plan, on_event: Listener) -> RunResult:
    transcript, verdicts = read_transcript(path), []
    for verdict in judging(transcript, plan, guarded):
        on_event(Judged(verdict))
        verdicts.append(verdict)
    return result_from(transcript, plan, verdicts)


@contextmanager
def _platform(config: RunConfig, wire: Wire) -> Iterator[PlatformControl]:
    """The platform that the configuration names, or one of the run's own."""
    if config.control_url is not None:
        yield PlatformControl.at(wire, config.control_url)
        return
    from tanpuhui.mock_platform.running import WHEN_READ  # noqa: PLC0415  # heavy, and no part of re-judging
    from tanpuhui.mock_platform.serving import PlatformServer  # noqa: PLC0415

    with PlatformServer(pace=WHEN_READ) as server:
        yield PlatformControl.at(wire, server.control_url)


def _new_transcript(path: Path) -> TranscriptWriter:
    try:
        return TranscriptWriter.to_file(path)
    except FileExistsError as error:
        raise Trouble(
            f"{path} 已存在：一次运行的记录不会被覆盖",
            f"{path} exists: the transcript of a run is never overwritten",
            "换一个输出目录，或移走旧的运行",
            "choose another output folder or move the former run away",
        ) from error
    except OSError as error:
        raise Trouble(
            f"{path} 无法写入（{type(error).__name__}）",
            f"{path} cannot be written ({type(error).__name__})",
            "换一个可写的输出目录",
            "choose an output folder that can be written",
        ) from error
