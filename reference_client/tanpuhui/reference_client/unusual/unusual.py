"""What a correct but unusual scenario is: one part of the reference that does right in another way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from tanpuhui.reference_client.sins.sin import name_of, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tanpuhui.reference_client.calling.errors import Text
    from tanpuhui.reference_client.witness import Witnessed

P = TypeVar("P", bound="type[Witnessed]")
_REGISTERED: dict[str, Unusual] = {}


@dataclass(frozen=True, slots=True)
class Unusual:
    """One correct scenario that differs from the reference in one way."""

    name: str
    text: Text
    part: type[Any]
    scenes: tuple[str, ...]


def keeps_the_law_in(*scenes: str) -> Callable[[P], P]:
    """Registers a part that is unusual and right; elsewhere than in these scenes it does as the reference does."""

    def register(part: P) -> P:
        name = name_of(part)
        if name in _REGISTERED:
            raise ValueError(f"unusual scenario {name} is registered twice")
        _REGISTERED[name] = Unusual(name, words_of(part), part, scenes)
        return part

    return register


def registered() -> dict[str, Unusual]:
    """The unusual scenarios that were imported so far."""
    return dict(_REGISTERED)
