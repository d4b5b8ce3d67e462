"""What stands between a row and an activity."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Draft:
    """What one row says, under the key by which a repetition is known, and for a series where it belongs."""

    line: int
    key: str
    content: Mapping[str, Any]
    device: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """An activity with the lines that it comes from."""

    activity: Mapping[str, Any]
    lines: tuple[int, ...]


def by_line(drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts in the order of the file."""
    return sorted(drafts, key=attrgetter("line"))
