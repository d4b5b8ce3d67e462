"""Scenes do I/O: each sets a stage, lets the scenario act on it, and leaves everything in the transcript."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from tanpuhui.conformance.verdict import Text

if TYPE_CHECKING:
    from tanpuhui.conformance.driving.stage import Stage

Drive = Callable[["Stage"], None]
_PLACE = "tanpuhui.conformance.scenes"
_REGISTERED: dict[str, Scene] = {}


@dataclass(frozen=True, slots=True)
class Scene:
    """A named piece of play; `needs` are the claims without which it makes no sense."""

    name: str
    text: Text
    needs: frozenset[str]
    drive: Drive


def scene(name: str, *, needs: tuple[str, ...] = ()) -> Callable[[Drive], Drive]:
    """Registers a scene; its docstring is what users read."""

    def register(drive: Drive) -> Drive:
        if name in _REGISTERED:
            raise ValueError(f"scene {name!r} is registered twice")
        if not drive.__doc__:
            raise ValueError(f"scene {name!r} says nothing to its users")
        sentence = drive.__doc__.split("\n\n")[0]
        _REGISTERED[name] = Scene(name, Text.both(sentence), frozenset(needs), drive)
        return drive

    return register


@cache
def scenes() -> Mapping[str, Scene]:
    """All scenes, in the order in which they are played."""
    for name in import_module(_PLACE).PLAYING_ORDER:
        import_module(f"{_PLACE}.{name}")
    return MappingProxyType(_REGISTERED)
