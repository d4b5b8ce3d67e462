"""Checks are pure: a generator over evidence that yields what it observed; everything else follows from its head."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from tanpuhui.conformance.recording.evidence import Evidence
from tanpuhui.conformance.scene import scenes as known_scenes
from tanpuhui.conformance.verdict import Observation, Text
from tanpuhui.spec.requirement import Requirement, requirements

Judge = Callable[[Evidence], Iterator[Observation]]
EVERY = ("*",)
"""In place of scene names: every scene that is played."""

_PLACE = "tanpuhui.conformance.checks"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_REGISTERED: dict[str, Check] = {}


@dataclass(frozen=True, slots=True)
class Check:
    """What is judged (a requirement), where (scenes), if what is claimed (needs), after which other checks."""

    id: str
    requirement: str
    text: Text
    scenes: tuple[str, ...]
    needs: frozenset[str]
    after: tuple[str, ...]
    judge: Judge

    @property
    def law(self) -> Requirement:
        """The sentence that it judges."""
        return requirements()[self.requirement]


def check(
    requirement: str,
    slug: str,
    *,
    scenes: tuple[str, ...],
    needs: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
) -> Callable[[Judge], Judge]:
    """Registers a check; unknown requirements and scenes, and a silent docstring, fail here and now."""

    def register(judge: Judge) -> Judge:
        made = Check(
            id=f"{requirement}/{slug}",
            requirement=requirement,
            text=Text.both((judge.__doc__ or "").split("\n\n")[0]),
            scenes=scenes,
            needs=frozenset(needs),
            after=after,
            judge=judge,
        )
        _require_sound(made, slug)
        _REGISTERED[made.id] = made
        return judge

    return register


@cache
def checks() -> Mapping[str, Check]:
    """All checks by id, in the order of the law's requirements."""
    package = import_module(_PLACE)
    for module in iter_modules(package.__path__, f"{_PLACE}."):
        import_module(module.name)
    order = list(requirements())
    ranked = sorted(_REGISTERED.values(), key=lambda one: (order.index(one.requirement), one.id))
    for one in ranked:
        strangers = sorted(set(one.after) - set(_REGISTERED))
        if strangers:
            raise ValueError(f"check {one.id} comes after unknown {strangers}")
    return MappingProxyType({one.id: one for one in ranked})


def _require_sound(made: Check, slug: str) -> None:
    if made.requirement not in requirements():
        raise ValueError(f"check {made.id}: the law has no requirement {made.requirement}")
    strangers = sorted(set(made.scenes) - set(known_scenes()) - set(EVERY))
    if strangers or not made.scenes:
        raise ValueError(f"check {made.id}: no such scene {strangers or '(none named)'}")
    if made.id in _REGISTERED or not _SLUG.fullmatch(slug):
        raise ValueError(f"check {made.id}: the slug is malformed or taken")
    if not made.text.zh:
        raise ValueError(f"check {made.id} says nothing to its users")
