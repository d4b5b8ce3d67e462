"""Names on a command line, told apart: requirement, topic, check or scene."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from tanpuhui.conformance.check import checks
from tanpuhui.conformance.plan import Selection
from tanpuhui.conformance.scene import scenes
from tanpuhui.conformance.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterable


def selection_of(names: Iterable[str]) -> Selection:
    """The selection that the names stand for; a name that stands for nothing gets suggestions."""
    known = _known()
    ids: list[str] = []
    played: list[str] = []
    for name in names:
        if name in scenes():
            played.append(name)
        elif name in known or name.upper() in known:
            ids.append(name if name in known else name.upper())
        else:
            raise _unknown(name, (*known, *scenes()))
    return Selection(tuple(ids), tuple(played))


def _known() -> dict[str, None]:
    """Checks, requirements that have one, and their topics."""
    judged = checks().values()
    named = [name for check in judged for name in (check.id, check.requirement, check.law.topic)]
    return dict.fromkeys(named)


def _unknown(name: str, known: Iterable[str]) -> Trouble:
    choices = list(known)
    near = get_close_matches(name, choices, n=3) or get_close_matches(name.upper(), choices, n=3)
    return Trouble(
        f"没有叫 {name} 的要求、主题、检查或场面",
        f"no requirement, topic, check or scene is called {name}",
        f"是否想写：{'、'.join(near)}？"
        if near
        else "用 tph list、tph list --checks、tph list --scenes 查看",
        f"did you mean {', '.join(near)}?" if near else "see tph list, tph list --checks, tph list --scenes",
    )
