"""Rules that hold the Chinese and the English text together, and the ids over time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tanpuhui.spec._clause import EN, ZH, Clause
from tanpuhui.spec._fault import Fault, LawText
from tanpuhui.spec._lint_sentence import ID

if TYPE_CHECKING:
    from collections.abc import Iterator


def pair_faults(law: LawText) -> Iterator[Fault]:
    """Where the two languages do not say the same."""
    yield from _files(law)
    chinese = {clause.id: clause for clause in law.chinese}
    english = {clause.id: clause for clause in law.english}
    for id_ in sorted(chinese.keys() ^ english.keys()):
        present = chinese.get(id_) or english[id_]
        yield Fault(present.place, f"{id_} 只有一种语言", f"{id_} stands in one language only")
    for id_ in sorted(chinese.keys() & english.keys()):
        yield from _disagreements(chinese[id_], english[id_])


def unique_faults(law: LawText) -> Iterator[Fault]:
    """Ids that stand twice in one language."""
    for clauses in (law.chinese, law.english):
        seen: dict[str, str] = {}
        for clause in clauses:
            first = seen.setdefault(clause.id, clause.place)
            if first != clause.place:
                yield Fault(clause.place, f"{clause.id} 已用于 {first}", f"{clause.id} is used in {first}")


def _files(law: LawText) -> Iterator[Fault]:
    for path in sorted(law.files):
        name = path.rsplit("/", 1)[-1]
        for here, there in ((ZH.folder, EN.folder), (EN.folder, ZH.folder)):
            if path.startswith(here) and there + name not in law.files:
                yield Fault(path, f"缺少对应的 {there}{name}", f"its counterpart {there}{name} is missing")
        if path.startswith("text/") and not re.match(r"\d\d-[a-z0-9-]+\.md$", name):
            yield Fault(path, "文件名写作「NN-名称.md」", 'a file is named "NN-name.md"')


def _disagreements(chinese: Clause, english: Clause) -> Iterator[Fault]:
    id_, place = chinese.id, english.place
    if ZH.roles.get(chinese.role) != EN.roles.get(english.role):
        yield Fault(place, f"{id_} 中英文的角色不同", f"{id_} applies to different roles")
    spoken, translated = chinese.verbs(ZH), english.verbs(EN)
    if spoken[:1] != translated[:1] or set(spoken) != set(translated):
        yield Fault(place, f"{id_} 中英文的助动词不同", f"{id_} has different verbs")
    if (chinese.untestable is None) != (english.untestable is None):
        yield Fault(place, f"{id_} 只有一种语言写明不可测", f"{id_} is untestable in one language only")
    if chinese.path.removeprefix(ZH.folder) != english.path.removeprefix(EN.folder):
        yield Fault(place, f"{id_} 中英文在不同的章", f"{id_} stands in different chapters")


def number_faults(law: LawText, retired: frozenset[str]) -> Iterator[Fault]:
    """Ids reused after retirement, and gaps that no retirement explains."""
    for clause in law.chinese:
        if clause.id in retired:
            yield Fault(clause.place, f"{clause.id} 已停用，不再使用", f"{clause.id} is retired for good")
    taken = {id_ for id_ in law.ids | retired if ID.fullmatch(id_)}
    for topic in sorted({id_[:3] for id_ in taken}):
        last = max(int(id_[4:]) for id_ in taken if id_.startswith(topic))
        for id_ in (f"{topic}-{number:03}" for number in range(1, last + 1)):
            if id_ not in taken:
                yield Fault(
                    ZH.folder,
                    f"{id_} 缺失：删除的列入 retired",
                    f"{id_} is missing: list it as retired",
                )
