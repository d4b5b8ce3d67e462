"""The requirements of the law, read from its text; their words stand nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, cast

from tanpuhui.spec._clause import EN, ZH, Clause, read_clauses
from tanpuhui.spec.law import law_files

if TYPE_CHECKING:
    from collections.abc import Mapping

Role = Literal["平台", "场景方", "双方"]
Verb = Literal["应", "不应", "宜", "不宜", "可", "不必"]


class BrokenLaw(ValueError):
    """规范文本有误 / The law's text cannot be read as requirements."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}：要求无法读取，或中英文不成对；运行 tph spec lint 查看原因 / "
            "no readable pair of Chinese and English requirements; run tph spec lint for the cause"
        )


@dataclass(frozen=True, slots=True)
class Requirement:
    """One sentence of the law in both languages, to whom it applies and how strongly it binds."""

    id: str
    topic: str
    role: Role
    verb: Verb
    zh: str
    en: str
    title_zh: str
    title_en: str
    untestable_zh: str | None
    untestable_en: str | None
    chapter: str

    @property
    def mandatory(self) -> bool:
        """Whether conformance depends on it."""
        return self.verb in {"应", "不应"}

    @property
    def testable(self) -> bool:
        """Whether the interface can show if it is met."""
        return self.untestable_zh is None


@cache
def requirements() -> Mapping[str, Requirement]:
    """All requirements by id, topic by topic as in the text, by number within a topic."""
    return read_requirements({name: data.decode() for name, data in law_files() if name.startswith("text/")})


def read_requirements(texts: Mapping[str, str]) -> Mapping[str, Requirement]:
    """The requirements of a text given as files; a requirement without its translation is refused."""
    english = {clause.id: clause for clause in read_clauses(texts, EN)}
    paired = [_paired(clause, english.get(clause.id)) for clause in read_clauses(texts, ZH)]
    topics = list(dict.fromkeys(requirement.topic for requirement in paired))
    paired.sort(key=lambda requirement: (topics.index(requirement.topic), requirement.id))
    return MappingProxyType({requirement.id: requirement for requirement in paired})


def _paired(chinese: Clause, english: Clause | None) -> Requirement:
    verbs, role = chinese.verbs(ZH), ZH.roles.get(chinese.role)
    if english is None or not verbs or role is None:
        raise BrokenLaw(chinese.place)
    return Requirement(
        id=chinese.id,
        topic=chinese.id.split("-", 1)[0],
        role=cast("Role", role),
        verb=cast("Verb", verbs[0]),
        zh=_plain(chinese),
        en=_plain(english),
        title_zh=chinese.title,
        title_en=english.title,
        untestable_zh=chinese.untestable,
        untestable_en=english.untestable,
        chapter=chinese.chapter,
    )


def _plain(clause: Clause) -> str:
    return clause.sentence.replace("**", "")
