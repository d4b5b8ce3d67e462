"""What stands between a row and an activity."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Draft(NamedTuple):
    """What one row says, under the key by which a repetition is known, and for a series where it belongs."""

    line: int
    key: str
    content: Mapping[str, Any]
    device: str = ""
    at: str = ""


class Drawn(NamedTuple):
    """An activity with the lines that it comes from."""

    activity: Mapping[str, Any]
    lines: tuple[int, ...]


def by_line(drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts in the order of the file."""
    return sorted(drafts, key=attrgetter("line"))
