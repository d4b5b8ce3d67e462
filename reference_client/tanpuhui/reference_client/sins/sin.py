"""What a sin is: the requirement it breaks, the check that must tell, and the one bent part of the scenario."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from tanpuhui.reference_client.calling.errors import Text
from tanpuhui.reference_client.witness import Witnessed
from tanpuhui.spec.requirement import requirements

if TYPE_CHECKING:
    from collections.abc import Callable

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
P = TypeVar("P", bound=type[Witnessed])
_REGISTERED: dict[str, Sin] = {}


@dataclass(frozen=True, slots=True)
class Sin:
    """One faulty scenario; where it says no `scene`, the check's own scenes show it."""

    name: str
    requirement: str
    slug: str
    text: Text
    part: type[Any]
    scene: str | None

    @property
    def check(self) -> str:
        """The id of the check that must fail."""
        return f"{self.requirement}/{self.slug}"


def breaks(requirement: str, slug: str, *, scene: str | None = None) -> Callable[[P], P]:
    """Registers a part that breaks a requirement, to be told by the check `requirement/slug`."""

    def register(part: P) -> P:
        name = name_of(part)
        if requirement not in requirements():
            raise ValueError(f"sin {name}: the law has no requirement {requirement}")
        if name in _REGISTERED:
            raise ValueError(f"sin {name} is registered twice")
        _REGISTERED[name] = Sin(name, requirement, slug, words_of(part), part, scene)
        return part

    return register


def registered() -> dict[str, Sin]:
    """The sins that were imported so far."""
    return dict(_REGISTERED)


def name_of(part: type) -> str:
    """The class's name as users type it."""
    return _WORDS.sub("-", part.__name__).lower()


def words_of(part: type) -> Text:
    """The class's own sentence, «中文 / English»."""
    zh, slash, en = " ".join((part.__doc__ or "").split()).partition(" / ")
    if not slash:
        raise ValueError(f"{part.__name__} does not say in both languages what it does")
    return Text(zh, en)
