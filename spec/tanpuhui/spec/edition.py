"""Editions: which requirements count in a verdict, frozen when the edition is published."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tanpuhui.spec.law import law_files, law_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER = "editions/"


class UnknownEdition(LookupError):
    """没有这个版本 / No such edition."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        choices = "、".join(known)
        super().__init__(
            f"没有版本 {name}；可选的版本：{choices} / no edition {name}; choose from: {', '.join(known)}"
        )


@dataclass(frozen=True, slots=True)
class Edition:
    """One publication of the law: what counts, what doesn't and why, and which ids are never used again."""

    name: str
    status: str
    scored: frozenset[str]
    not_scored: Mapping[str, str]
    retired: frozenset[str]


@cache
def edition_names() -> tuple[str, ...]:
    """The editions of the law, oldest first."""
    files = (name for name, _ in law_files() if name.startswith(_FOLDER) and name.endswith(".yaml"))
    return tuple(sorted((edition_name(path) for path in files), key=edition_order))


@cache
def edition(name: str) -> Edition:
    """The edition of that name."""
    if name not in edition_names():
        raise UnknownEdition(name, edition_names())
    return read_edition(law_yaml(f"{_FOLDER}{name}.yaml"))


def current_edition() -> Edition:
    """The newest edition."""
    return edition(edition_names()[-1])


def edition_name(path: str) -> str:
    """The edition that a file of the law holds."""
    return path.removeprefix(_FOLDER).removesuffix(".yaml")


def edition_order(name: str) -> tuple[tuple[int, int | str], ...]:
    """Year and number as numbers, so that 2026.10 comes after 2026.9."""
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in name.split("."))


def read_edition(raw: Mapping[str, Any]) -> Edition:
    """An edition from the data of its file, where each reason is written once and named by what it covers."""
    reasons = {key: f"{text['zh']} / {text['en']}" for key, text in raw["reasons"].items()}
    return Edition(
        name=str(raw["edition"]),
        status=str(raw["status"]),
        scored=frozenset(raw["scored"]),
        not_scored=MappingProxyType({id_: reasons[key] for id_, key in raw["not_scored"].items()}),
        retired=frozenset(raw["retired"]),
    )
