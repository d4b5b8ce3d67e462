"""Rules for one requirement as it stands in one language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tanpuhui.spec._clause import EN, ZH, Clause, Language, bold_verb, heading
from tanpuhui.spec._fault import Fault, LawText

if TYPE_CHECKING:
    from collections.abc import Iterator

ID = re.compile(r"[A-Z]{3}-\d{3}")
_KINDS = {"应": "应", "不应": "应", "宜": "宜", "不宜": "宜", "可": "可", "不必": "可"}
_UNBOLD = {ZH.folder: r"不必|[应宜可]", EN.folder: r"(?i:\b(?:shall|should|may|need not)\b)"}


def sentence_faults(law: LawText) -> Iterator[Fault]:
    """What is wrong with single requirements, language by language."""
    for language, clauses in ((ZH, law.chinese), (EN, law.english)):
        for clause in clauses:
            yield from _form(clause, language)
            yield from _words(clause, language)


def heading_faults(law: LawText) -> Iterator[Fault]:
    """Headings of the requirement level that no requirement can be read from."""
    for language in (ZH, EN):
        shape = f"#### {language.word} XXX-000 … {{ #XXX-000 }}"
        for path, number, line in _lines(law, language):
            if line.startswith("####") and not heading(language).fullmatch(line):
                yield Fault(
                    f"{path}:{number}", f"要求的标题写作「{shape}」", f'a heading is written "{shape}"'
                )


def hidden_faults(law: LawText) -> Iterator[Fault]:
    """Verbs in bold outside the one sentence of a requirement: a rule without an id."""
    for language, clauses in ((ZH, law.chinese), (EN, law.english)):
        spoken = {(clause.path, clause.sentence_line) for clause in clauses}
        for path, number, line in _lines(law, language):
            if bold_verb(language).search(line) and (path, number) not in spoken:
                yield Fault(
                    f"{path}:{number}",
                    "加粗的助动词只用于要求的句子",
                    "a verb in bold stands outside the sentence of a requirement",
                )


def _lines(law: LawText, language: Language) -> Iterator[tuple[str, int, str]]:
    for path, text in sorted(law.files.items()):
        if path.startswith(language.folder):
            for number, line in enumerate(text.splitlines(), start=1):
                yield path, number, line


def _form(clause: Clause, language: Language) -> Iterator[Fault]:
    if not ID.fullmatch(clause.id):
        yield Fault(clause.place, f"编号 {clause.id} 不合格式", f"id {clause.id} is malformed")
    if clause.anchor != clause.id:
        yield Fault(clause.place, f"锚点与编号 {clause.id} 不同", f"the anchor is not {clause.id}")
    if clause.role not in language.roles:
        label = language.role_label
        yield Fault(clause.place, f"{clause.id} 缺少「{label}」或角色不明", f"{clause.id} names no role")
    if clause.untestable == "":
        yield Fault(clause.place, f"{clause.id} 没有写明不可测的理由", f"{clause.id} gives no reason")


def _words(clause: Clause, language: Language) -> Iterator[Fault]:
    place, id_, sentence = f"{clause.path}:{clause.sentence_line}", clause.id, clause.sentence
    stops = len(re.findall(rf"{re.escape(language.stop)}(?=\s|$)|。", sentence))
    if clause.further_quotes or stops != 1 or not sentence.endswith(language.stop):
        yield Fault(place, f"{id_} 不是恰好一句话", f"{id_} is not exactly one sentence")
    verbs = clause.verbs(language)
    if not verbs:
        yield Fault(place, f"{id_} 没有加粗的助动词", f"{id_} has no verb in bold")
    if len({_KINDS[verb] for verb in verbs}) > 1:
        yield Fault(place, f"{id_} 混用不同程度的助动词", f"{id_} mixes verbs of different force")
    for word in _forbidden(sentence, language):
        yield Fault(place, f"{id_} 用了不允许的「{word}」", f'{id_} uses the forbidden "{word}"')
    for word in _unmarked(sentence, language):
        yield Fault(place, f"{id_} 的助动词「{word}」没有加粗", f'{id_} has the verb "{word}" without bold')


def _forbidden(sentence: str, language: Language) -> list[str]:
    lower = sentence.lower()
    return [word for word in language.forbidden if re.search(rf"(?<![a-z]){word}(?![a-z])", lower)]


def _unmarked(sentence: str, language: Language) -> list[str]:
    rest = re.sub(r"`[^`]*`", "", bold_verb(language).sub("", sentence))
    for word in (*language.forbidden, *language.compounds):
        rest = rest.replace(word, "")
    return re.findall(_UNBOLD[language.folder], rest)
