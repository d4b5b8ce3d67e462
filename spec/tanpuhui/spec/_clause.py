"""Reads requirements from the law's text in one language, as they stand: judging them is the lint's work."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Language:
    """How a requirement is written in one language; verbs and roles lead to the words of the Chinese text."""

    folder: str
    word: str
    role_label: str
    untestable_label: str
    stop: str
    roles: Mapping[str, str]
    verbs: Mapping[str, str]
    forbidden: tuple[str, ...]
    compounds: tuple[str, ...]


ZH = Language(
    folder="text/zh/",
    word="要求",
    role_label="适用：",
    untestable_label="不可测：",
    stop="。",
    roles=MappingProxyType({"平台": "平台", "场景方": "场景方", "双方": "双方"}),
    verbs=MappingProxyType({verb: verb for verb in ("不应", "应", "不宜", "宜", "不必", "可")}),
    forbidden=("必须", "不得", "不可"),
    compounds=("应答", "响应", "对应", "相应", "适应", "应用", "许可", "可能", "可靠"),
)
EN = Language(
    folder="text/en/",
    word="Requirement",
    role_label="Applies to:",
    untestable_label="Not testable:",
    stop=".",
    roles=MappingProxyType({"platform": "平台", "scenario": "场景方", "both": "双方"}),
    verbs=MappingProxyType(
        {
            "SHALL NOT": "不应",
            "SHALL": "应",
            "SHOULD NOT": "不宜",
            "SHOULD": "宜",
            "NEED NOT": "不必",
            "MAY": "可",
        }
    ),
    forbidden=("must", "may not", "cannot"),
    compounds=(),
)

_QUOTE = "> "


@dataclass(frozen=True, slots=True)
class Clause:
    """One requirement in one language, with the place where it stands; what is missing is empty."""

    id: str
    anchor: str
    title: str
    path: str
    line: int
    sentence: str
    sentence_line: int
    further_quotes: tuple[int, ...]
    role: str
    untestable: str | None

    @property
    def chapter(self) -> str:
        """The number of the chapter, which is how its file's name begins."""
        return self.path.rsplit("/", 1)[-1].split("-", 1)[0]

    @property
    def place(self) -> str:
        """Where a person finds the requirement."""
        return f"{self.path}:{self.line}"

    def verbs(self, language: Language) -> tuple[str, ...]:
        """The verbs of the sentence in its order, in the words of the Chinese text."""
        return tuple(language.verbs[found[1]] for found in bold_verb(language).finditer(self.sentence))


def bold_verb(language: Language) -> re.Pattern[str]:
    """A verb as the law writes it: in bold."""
    return re.compile(r"\*\*(" + "|".join(language.verbs) + r")\*\*")


def heading(language: Language) -> re.Pattern[str]:
    """The heading of a requirement: its id, a short title, and the id again as the anchor."""
    return re.compile(
        rf"#### {language.word} (?P<id>\S+) (?P<title>[^{{}}]*[^{{}} ]) \{{ #(?P<anchor>\S+) \}}"
    )


def read_clauses(texts: Mapping[str, str], language: Language) -> list[Clause]:
    """The requirements of one language in the order of the text."""
    paths = sorted(path for path in texts if path.startswith(language.folder) and path.endswith(".md"))
    return [clause for path in paths for clause in _clauses_in(path, texts[path], language)]


def _clauses_in(path: str, text: str, language: Language) -> Iterator[Clause]:
    lines = text.splitlines()
    for index, line in enumerate(lines):
        found = heading(language).fullmatch(line)
        if found:
            yield _clause(found, path, index, _section(lines, index + 1), language)


def _section(lines: list[str], start: int) -> list[tuple[int, str]]:
    section = []
    for index in range(start, len(lines)):
        if re.match(r"#{1,6} ", lines[index]):
            break
        section.append((index + 1, lines[index]))
    return section


def _clause(
    found: re.Match[str], path: str, index: int, section: list[tuple[int, str]], language: Language
) -> Clause:
    quotes = [(line, text.removeprefix(_QUOTE).strip()) for line, text in section if text.startswith(">")]
    label = language.untestable_label
    reasons = [text.removeprefix(label).strip() for _, text in quotes if text.startswith(label)]
    spoken = [(line, text) for line, text in quotes if not text.startswith(label)] or [(index + 1, "")]
    marks = [text for _, text in section if text.startswith(language.role_label)]
    return Clause(
        id=found["id"],
        anchor=found["anchor"],
        title=found["title"],
        path=path,
        line=index + 1,
        sentence=spoken[0][1],
        sentence_line=spoken[0][0],
        further_quotes=tuple(line for line, _ in spoken[1:]),
        role=marks[0].removeprefix(language.role_label).strip() if len(marks) == 1 else "",
        untestable=reasons[0] if reasons else None,
    )
