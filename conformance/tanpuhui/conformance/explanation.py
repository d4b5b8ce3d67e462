"""A requirement explained: sentence and notes, what checks it, what usually goes wrong, what to run again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from tanpuhui.conformance.check import EVERY, Check
from tanpuhui.conformance.trouble import Trouble
from tanpuhui.conformance.verdict import Text
from tanpuhui.spec.law import law_files
from tanpuhui.spec.problem import problem_types, reasons
from tanpuhui.spec.requirement import Requirement, requirements

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tanpuhui.conformance.scene import Scene

_HEADING = re.compile(r"#{1,6} ")
_LEFT_OUT = ("> ", "适用：", "Applies to:")


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that the law and the kit can say about one requirement."""

    requirement: Requirement
    notes: Text
    checks: tuple[Check, ...]
    signs: tuple[tuple[str, Text], ...]
    causes: tuple[Text, ...]
    scenes: tuple[Scene, ...]


def explanation(
    requirement: Requirement, checks: Iterable[Check], scenes: Mapping[str, Scene], causes: Iterable[Text]
) -> Explanation:
    """Gather what is known; causes are the mistakes by which the kit proves its checks."""
    own = tuple(check for check in checks if check.requirement == requirement.id)
    names = dict.fromkeys(name for check in own for name in check.scenes if name not in EVERY)
    return Explanation(
        requirement=requirement,
        notes=Text(_notes("zh", requirement), _notes("en", requirement)),
        checks=own,
        signs=tuple(_signs(requirement)),
        causes=tuple(causes),
        scenes=tuple(scenes[name] for name in names),
    )


def requirement_named(name: str) -> Requirement:
    """The requirement of a requirement's, check's or problem's id; an unknown name gets suggestions."""
    law = requirements()
    wanted = name.strip().partition("/")[0]
    problem = problem_types().get(wanted) or reasons().get(wanted)
    found = law.get(wanted.upper()) or (law.get(problem.clause) if problem else None)
    if found:
        return found
    known = (*law, *problem_types(), *reasons())
    near = get_close_matches(wanted.upper(), known, n=3) or get_close_matches(wanted.lower(), known, n=3)
    raise Trouble(
        f"没有编号 {wanted}",
        f"there is no id {wanted}",
        f"是否想查：{'、'.join(near)}？" if near else "用 tph list 查看全部编号",
        f"did you mean {', '.join(near)}?" if near else "see all ids with tph list",
    )


def _signs(requirement: Requirement) -> list[tuple[str, Text]]:
    """The problems by which a platform says that the requirement is not met, with what to do then."""
    problems = [
        (f"{one.status} {one.code}", Text(f"{one.zh}：{one.action_zh}", f"{one.en}: {one.action_en}"))
        for one in problem_types().values()
        if one.clause == requirement.id
    ]
    return problems + [
        (one.code, Text(one.zh, one.en)) for one in reasons().values() if one.clause == requirement.id
    ]


def _notes(language: str, requirement: Requirement) -> str:
    """The text below the requirement's sentence, up to the next heading: notes and examples."""
    start = f"text/{language}/{requirement.chapter}-"
    text = next((data.decode() for name, data in law_files() if name.startswith(start)), "")
    _, _, after = text.partition(f"{{ #{requirement.id} }}\n")
    kept: list[str] = []
    for line in after.splitlines():
        if _HEADING.match(line):
            break
        if not line.startswith(_LEFT_OUT):
            kept.append(line)
    return re.sub(r"\n{2,}", "\n", "\n".join(kept)).strip()
