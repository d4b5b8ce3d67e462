"""The bank: the kit is tried on scenarios that are known to be wrong in one thing, and on some known to be right."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from multiprocessing.util import Finalize
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.check import EVERY, checks
from tanpuhui.conformance.plan import RunConfig, ScenarioClaims, Selection
from tanpuhui.conformance.trial import BankResult, Trial, Tried
from tanpuhui.conformance.trouble import Trouble
from tanpuhui.conformance.verdict import Outcome, Text
from tanpuhui.reference_client import bank as shelves
from tanpuhui.spec.edition import current_edition
from tanpuhui.spec.element import schemes
from tanpuhui.spec.version import __version__

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tanpuhui.conformance.result import RunResult

REFERENCE = "reference"
SEED = 20260101
PLAINEST_SCENE = "first_report"
JOBS = 3
"""Half of a trial is waiting, so that two cores carry three."""
Listener = Callable[[Tried], object]
_TOLD = 3


def trials() -> Mapping[str, Trial]:
    """Every faulty scenario, every correct but unusual one, and the reference itself."""
    plain = Trial(REFERENCE, Text("参考场景", "the reference scenario"), witnessed=False)
    odd = (
        Trial(one.name, Text(one.text.zh, one.text.en), scenes=one.scenes) for one in shelves.UNUSUAL.values()
    )
    return {one.name: one for one in (plain, *odd, *map(_faulty, shelves.SINS.values()))}


def unproven() -> tuple[str, ...]:
    """The checks that no sin is there to prove."""
    proven = {sin.check for sin in shelves.SINS.values()}
    return tuple(name for name in checks() if name not in proven)


def faults_by_requirement() -> dict[str, list[str]]:
    """The names of the sins by the requirement that they break."""
    found: dict[str, list[str]] = {}
    for sin in shelves.SINS.values():
        found.setdefault(sin.requirement, []).append(sin.name)
    return found


def causes_of(requirement: str) -> tuple[Text, ...]:
    """The usual mistakes against a requirement, in the words of the sins."""
    own = (sin.text for sin in shelves.SINS.values() if sin.requirement == requirement)
    return tuple(Text(text.zh, text.en) for text in own)


def bank_figures(result: BankResult) -> dict[str, Any]:
    """What a run carries of the bank: the figures, and the digest of the bank that they were measured with."""
    told = result.as_mapping()
    missed = [*told["survivors"], *told["wrong_reason"], *told["not_fired"]]
    return {
        "digest": shelves.source_digest(),
        "faults": told["faults"],
        "caught": told["caught"],
        "unusual": told["correct"],
        "false_alarms": len(told["false_alarms"]),
        "survivors": missed,
    }


@dataclass(frozen=True, slots=True)
class Pace:
    """How many scenarios are tried at once, and by which seed their activities are invented."""

    jobs: int = JOBS
    seed: int = SEED


AS_USUAL = Pace()


def hold(wanted: Sequence[Trial], on_tried: Listener = lambda _: None, pace: Pace = AS_USUAL) -> BankResult:
    """Tries each scenario in processes of their own, the longest plays first."""
    ranked = sorted(wanted, key=lambda one: one.faulty)
    workers = min(pace.jobs, len(ranked))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_hush) as pool:
        running = [pool.submit(_tried_by_name, one.name, pace.seed) for one in ranked]
        done = []
        for future in as_completed(running):
            done.append(future.result())
            on_tried(done[-1])
    return BankResult.of(done)


def chosen(names: Iterable[str]) -> tuple[Trial, ...]:
    """The named trials, or all; an unknown name is refused."""
    known, wanted = trials(), tuple(names)
    strangers = [name for name in wanted if name not in known]
    if strangers:
        raise Trouble(
            f"缺陷库中没有 {'、'.join(strangers)}",
            f"the bank has no {', '.join(strangers)}",
            "用 tph bank --list 查看名称",
            "see the names with tph bank --list",
        )
    return tuple(known[name] for name in wanted) or tuple(known.values())


def tried(
    trial: Trial,
    scenario: AbstractContextManager[shelves.Served],
    control_url: str | None = None,
    seed: int = SEED,
) -> Tried:
    """Plays one scenario here and now: the scene that shows its sin, or, where it has none, the whole plan."""
    from tanpuhui.conformance.run import run  # noqa: PLC0415  # heavy, and needed in the workers only

    begun = time.monotonic()
    with TemporaryDirectory() as folder, scenario as served:
        result = run(_config(trial, served, control_url, seed, Path(folder)))
        fired = served.fired()
    verdicts = {verdict.check: verdict.outcome for verdict in result.verdicts}
    scenes = {scene.name: scene.outcome for scene in result.scenes}
    return Tried(trial, fired, verdicts, scenes, time.monotonic() - begun, tuple(_told(result))[:_TOLD])


def _tried_by_name(name: str, seed: int) -> Tried:
    scenario = shelves.serving(None if name == REFERENCE else name)
    return tried(trials()[name], scenario, _platform(), seed)


def _hush() -> None:
    """What faulty scenarios complain of on the way is no news."""
    logging.disable()


def _config(
    trial: Trial, served: shelves.Served, control_url: str | None, seed: int, folder: Path
) -> RunConfig:
    claims = ScenarioClaims(trial.name, __version__, tuple(schemes()), served.base_url, uploads=True)
    return RunConfig(
        run_id=f"bank-{trial.name}",
        edition=current_edition().name,
        seed=seed,
        scenario=claims,
        testbed_url=served.testbed_url,
        out_dir=folder,
        testbed_token=served.testbed_token,
        control_url=control_url,
        selection=Selection(scenes=trial.played),
    )


@cache
def _platform() -> str:
    """One platform for as long as the worker lives; every scene has a tenant of its own there."""
    from tanpuhui.mock_platform.running import WHEN_READ  # noqa: PLC0415  # heavy too
    from tanpuhui.mock_platform.serving import PlatformServer  # noqa: PLC0415

    server = PlatformServer(pace=WHEN_READ).__enter__()
    Finalize(server, server.__exit__, (None, None, None), exitpriority=1)
    return server.control_url


def _faulty(sin: shelves.Sin) -> Trial:
    known = checks().get(sin.check)
    if known is None:
        raise ValueError(f"sin {sin.name} is to be told by {sin.check}, which does not exist")
    scene = sin.scene or (PLAINEST_SCENE if known.scenes == EVERY else known.scenes[0])
    return Trial(sin.name, Text(sin.text.zh, sin.text.en), sin.check, scene)


def _told(result: RunResult) -> Iterator[str]:
    """What went wrong, in a few words for a person who looks into the bank."""
    for scene in result.scenes:
        if scene.happened is not None:
            yield f"{scene.name}: {scene.happened}"
    for verdict in sorted(result.verdicts, key=lambda one: -one.outcome.rank):
        if verdict.outcome.rank > Outcome.PASS.rank:
            first = next((seen for seen in verdict.observations if not seen.ok), None)
            yield f"{verdict.check} {verdict.outcome}: {first.observed if first else verdict.reason}"
