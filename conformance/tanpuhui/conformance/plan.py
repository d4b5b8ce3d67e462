"""What a run is asked for, and what follows: which scenes are played and which checks are judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.check import EVERY, Check, checks
from tanpuhui.conformance.claims import claimed, condition_without, required_known
from tanpuhui.conformance.scene import Scene, scenes
from tanpuhui.conformance.trouble import Trouble
from tanpuhui.spec.edition import edition as law_edition

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tanpuhui.conformance.truth.measured import MeasuredSeries
    from tanpuhui.conformance.verdict import Text


@dataclass(frozen=True, slots=True)
class ScenarioClaims:
    """What is under test, by its own account."""

    name: str
    version: str
    schemes: tuple[str, ...]
    base_url: str | None = None
    uploads: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """A part of a run: topics, requirements or checks by id, and scenes by name; empty means everything."""

    ids: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunConfig:
    """Everything that a run is told from outside."""

    run_id: str
    edition: str
    seed: int
    scenario: ScenarioClaims
    testbed_url: str
    out_dir: Path
    testbed_token: str | None = field(default=None, repr=False)
    control_url: str | None = None
    selection: Selection = Selection()
    measured: MeasuredSeries | None = None
    bank: Mapping[str, Any] | None = None

    @property
    def claims(self) -> frozenset[str]:
        """What scenes and checks may need."""
        scenario = self.scenario
        return claimed(scenario.schemes, measured=self.measured is not None, uploads=scenario.uploads)


@dataclass(frozen=True, slots=True)
class Plan:
    """Scenes to play and checks to judge, for an edition and a set of claims."""

    edition: str
    claims: frozenset[str]
    selection: Selection
    scenes: tuple[Scene, ...]
    checks: tuple[Check, ...]

    def scenes_of(self, check: Check) -> tuple[str, ...]:
        """The scenes of this plan that a check looks at."""
        played = tuple(scene.name for scene in self.scenes)
        return played if check.scenes == EVERY else tuple(name for name in played if name in check.scenes)

    def condition_of(self, check: Check) -> Text | None:
        """Why a check does not apply here, None where it does."""
        missing = sorted(check.needs - self.claims)
        if not missing and not _applicable(check, self.claims):
            missing = sorted({need for name in check.scenes for need in scenes()[name].needs} - self.claims)
        return condition_without(missing) if missing else None

    def counts(self, check: Check) -> bool:
        """The check decides the run: its requirement binds and is scored in this edition."""
        return check.law.mandatory and check.requirement in law_edition(self.edition).scored

    def as_mapping(self) -> dict[str, Any]:
        """As it stands at the head of a transcript, from which the same plan can be made again."""
        return {
            "edition": self.edition,
            "claims": sorted(self.claims),
            "ids": list(self.selection.ids),
            "scenes": list(self.selection.scenes),
        }

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Plan:
        """The plan that a transcript was made by."""
        selection = Selection(tuple(data["ids"]), tuple(data["scenes"]))
        return plan_for(str(data["edition"]), frozenset(data["claims"]), selection)


def plan_for(edition: str, claims: Iterable[str], selection: Selection = Selection()) -> Plan:
    """The plan; a selection that matches nothing is refused rather than passed."""
    known = required_known(claims)
    _require_selectable(selection)
    judged = _judged(edition, selection)
    wanted = set(selection.scenes) or {name for check in judged for name in check.scenes}
    everything = not selection.ids and not selection.scenes
    played = tuple(
        scene
        for scene in scenes().values()
        if scene.needs <= known and (everything or scene.name in wanted or EVERY[0] in wanted)
    )
    if not judged or not played:
        raise _nothing(selection)
    return Plan(edition, known, selection, played, judged)


def _judged(edition: str, selection: Selection) -> tuple[Check, ...]:
    scored = law_edition(edition).scored
    return tuple(
        check
        for check in checks().values()
        if (
            _named(check, selection.ids)
            if selection.ids
            else check.requirement in scored or not check.law.mandatory
        )
        and (not selection.scenes or check.scenes == EVERY or set(check.scenes) & set(selection.scenes))
    )


def _named(check: Check, ids: tuple[str, ...]) -> bool:
    return any(name in {check.id, check.requirement, check.law.topic} for name in ids)


def _applicable(check: Check, claims: frozenset[str]) -> bool:
    return check.scenes == EVERY or any(scenes()[name].needs <= claims for name in check.scenes)


def _require_selectable(selection: Selection) -> None:
    absent = [
        name for name in selection.ids if not any(_named(check, (name,)) for check in checks().values())
    ]
    absent += [name for name in selection.scenes if name not in scenes()]
    if absent:
        raise _nothing(Selection(ids=tuple(absent)))


def _nothing(selection: Selection) -> Trouble:
    names = "、".join(selection.ids + selection.scenes) or "（全部 / everything）"
    return Trouble(
        f"没有与 {names} 对应的检查或场面；一次什么都不判的运行不算通过",
        f"no check or scene answers to {names}; a run that judges nothing is no pass",
        "用 tph list 查看可选的要求、检查和场面",
        "see the requirements, checks and scenes with tph list",
    )
