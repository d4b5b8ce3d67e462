"""The law's lint: silent on the law in force, and each rule fires on a copy that breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tanpuhui.spec.law import law_files
from tanpuhui.spec.lint import Fault, law_texts, lint

ZH_WRITING, EN_WRITING = "text/zh/09-writing.md", "text/en/09-writing.md"
ZH_CALLING, EN_CALLING = "text/zh/08-calling.md", "text/en/08-calling.md"
EDITION = "editions/2026.1.yaml"
HEADING_ZH = "#### 要求 WRT-009 记录号按时间有序 { #WRT-009 }"
HEADING_EN = "#### Requirement WRT-009 Record ids ordered by time { #WRT-009 }"
SENTENCE = "> 记录号**宜**按时间有序（如 UUIDv7）。"
TRANSLATION = "> Record ids **SHOULD** be ordered by time (UUIDv7, for instance)."
REASON = "> 不可测：保存期限超出一次运行，由技术中心在现场检查时查验。"
ROLE_EN = "Applies to: scenario"
ONE_SENTENCE = "WRT-009 is not exactly one sentence"
OUTSIDE = "outside the sentence"
Edit = tuple[str, str, str]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the law that a test may break."""
    for name, data in law_files():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return tmp_path


def edited(copy: Path, *edits: Edit) -> list[Fault]:
    for name, old, new in edits:
        text = (copy / name).read_text(encoding="utf-8")
        assert old in text, f"{old} is not in {name}"
        (copy / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return lint(law_texts(copy))


def test_the_law_in_force_has_no_fault() -> None:
    assert [str(fault) for fault in lint()] == []


def test_the_decisions_cite_only_what_the_law_holds() -> None:
    found = sorted((Path(__file__).parents[2] / "spec/decisions").glob("*.md"))
    decisions = {f"decisions/{path.name}": path.read_text(encoding="utf-8") for path in found}
    assert decisions
    assert lint(law_texts() | decisions) == []


def test_a_copy_of_the_law_has_no_fault(copy: Path) -> None:
    assert lint(law_texts(copy)) == []


def test_a_fault_says_where_and_what_in_both_languages(copy: Path) -> None:
    [fault] = edited(copy, (ZH_WRITING, "{ #WRT-009 }", "{ #WRT-008 }"))
    line = (
        (copy / ZH_WRITING)
        .read_text(encoding="utf-8")
        .splitlines()
        .index(HEADING_ZH.replace("#WRT-009", "#WRT-008"))
    )
    assert str(fault) == f"{ZH_WRITING}:{line + 1}: 锚点与编号 WRT-009 不同 / the anchor is not WRT-009"


SENTENCES: dict[str, tuple[Edit, str]] = {
    "heading without title": ((ZH_WRITING, HEADING_ZH, "#### 要求 WRT-009"), "a heading is"),
    "heading without anchor": ((EN_WRITING, " { #WRT-009 }", ""), "a heading is"),
    "malformed id": ((ZH_WRITING, HEADING_ZH, "#### 要求 WRT-9 有序 { #WRT-9 }"), "id WRT-9 is malformed"),
    "other anchor": ((EN_WRITING, "{ #WRT-009 }", "{ #WRT-001 }"), "the anchor is not WRT-009"),
    "no role": ((ZH_WRITING, "适用：场景方\n", ""), "WRT-001 names no role"),
    "unknown role": ((EN_WRITING, "Applies to: scenario", "Applies to: user"), "WRT-001 names no role"),
    "no sentence": ((ZH_WRITING, SENTENCE, ""), ONE_SENTENCE),
    "two sentences": ((ZH_WRITING, SENTENCE, SENTENCE + "另有例外。"), ONE_SENTENCE),
    "two in English": (
        (EN_WRITING, TRANSLATION, TRANSLATION + " So."),
        ONE_SENTENCE,
    ),
    "two quotations": (
        (ZH_WRITING, SENTENCE, SENTENCE + "\n\n> 另。"),
        ONE_SENTENCE,
    ),
    "no stop": ((ZH_WRITING, SENTENCE, SENTENCE.rstrip("。")), ONE_SENTENCE),
    "no verb": ((ZH_WRITING, "**宜**按", "按"), "WRT-009 has no verb in bold"),
    "mixed verbs": ((ZH_WRITING, "**宜**按", "**宜**或**应**按"), "WRT-009 mixes verbs of different force"),
    "必须": ((ZH_WRITING, "**宜**按", "**宜**必须按"), 'the forbidden "必须"'),
    "不得": ((ZH_WRITING, "**宜**按", "**宜**不得按"), 'the forbidden "不得"'),
    "不可": ((ZH_WRITING, "**宜**按", "**宜**不可按"), 'the forbidden "不可"'),
    "must": ((EN_WRITING, "**SHOULD** be", "**SHOULD** and must be"), 'the forbidden "must"'),
    "verb without bold": ((ZH_WRITING, "**宜**按", "**宜**也应按"), 'the verb "应" without bold'),
    "shall without bold": ((EN_WRITING, "(UUIDv7,", "(shall be,"), 'the verb "shall" without bold'),
    "hidden rule": ((ZH_WRITING, "批次不是事务", "批次**不应**是事务"), OUTSIDE),
    "hidden rule in English": (
        (EN_WRITING, "A batch is not", "A batch **SHALL NOT** be"),
        "outside the sentence",
    ),
    "empty reason": ((ZH_CALLING, REASON, "> 不可测："), "SIG-008 gives no reason"),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_a_requirement_that_is_badly_written_is_named(copy: Path, name: str) -> None:
    edit, words = SENTENCES[name]
    assert [fault for fault in edited(copy, edit) if words in fault.en and fault.place.startswith(edit[0])]


@pytest.mark.parametrize("word", ["应答", "相应", "许可", "可能"])
def test_a_word_that_only_holds_a_verbs_character_is_no_verb(copy: Path, word: str) -> None:
    assert edited(copy, (ZH_WRITING, "**宜**按时间", f"**宜**按{word}时间")) == []


PAIRS: dict[str, tuple[list[Edit], str]] = {
    "role": (
        [(EN_WRITING, "Applies to: scenario", "Applies to: both")],
        "WRT-001 applies to different roles",
    ),
    "force": ([(EN_WRITING, "ids **SHOULD**", "ids **SHALL**")], "WRT-009 has different verbs"),
    "negation": ([(EN_WRITING, "ids **SHOULD**", "ids **SHOULD NOT**")], "WRT-009 has different verbs"),
    "missing": ([(EN_WRITING, HEADING_EN, "## Order")], "WRT-009 stands in one language only"),
    "reason": ([(EN_CALLING, "> Not testable: ", "NOTE: ")], "SIG-008 is untestable in one language only"),
    "twice": ([(ZH_WRITING, HEADING_ZH, HEADING_ZH.replace("WRT-009", "WRT-001"))], f"used in {ZH_WRITING}:"),
    "chapter": (
        [
            (EN_WRITING, HEADING_EN, "## Order"),
            (
                "text/en/14-devices.md",
                "# 14",
                f"{HEADING_EN}\n\n{TRANSLATION}\n\nApplies to: scenario\n\n# 14",
            ),
        ],
        "WRT-009 stands in different chapters",
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_languages_that_disagree_are_named(copy: Path, name: str) -> None:
    edits, words = PAIRS[name]
    assert [fault for fault in edited(copy, *edits) if words in fault.en]


def test_a_file_without_its_translation_is_named(copy: Path) -> None:
    (copy / "text/en/01-scope.md").unlink()
    assert "its counterpart text/en/01-scope.md is missing" in [fault.en for fault in lint(law_texts(copy))]


def test_a_file_without_a_number_is_named(copy: Path) -> None:
    for folder in ("text/zh", "text/en"):
        (copy / folder / "scope.md").write_text("# 1\n", encoding="utf-8")
    assert [fault.place for fault in lint(law_texts(copy))] == ["text/en/scope.md", "text/zh/scope.md"]


def test_an_id_is_not_used_again_after_it_is_retired(copy: Path) -> None:
    faults = edited(copy, (EDITION, "retired: []", "retired: [WRT-009]"))
    assert [fault.en for fault in faults] == ["WRT-009 is retired for good"]


RENUMBERED: list[Edit] = [
    (name, heading, heading.replace("WRT-009", "WRT-017"))
    for name, heading in (
        (ZH_WRITING, HEADING_ZH),
        (EN_WRITING, HEADING_EN),
        (EDITION, "WRT-009: recommendation"),
    )
]


def test_an_id_that_vanishes_without_being_retired_is_named(copy: Path) -> None:
    assert "WRT-009 is missing: list it as retired" in [fault.en for fault in edited(copy, *RENUMBERED)]


def test_an_id_that_is_retired_may_vanish(copy: Path) -> None:
    assert edited(copy, *RENUMBERED, (EDITION, "retired: []", "retired: [WRT-009]")) == []


CITATIONS = [
    (ZH_CALLING, "CAL-002 重发。", "CAL-099 重发。"),
    ("text/en/10-accounting.md", "(DEV-002)", "(DEV-099)"),
    ("problems.yaml", "clause: API-006", "clause: API-099"),
    ("limits.yaml", "clause: WRT-002", "clause: WRT-099"),
    ("events.yaml", "clause: LNK-003", "clause: LNK-099"),
    ("indicators/pv.yaml", "IND-006", "IND-099"),
    ("openapi/scenario.yaml", "EVT-002", "EVT-099"),
    ("quality/rules.yaml", "clause: IND-005", "clause: IND-099"),
]


@pytest.mark.parametrize("edit", CITATIONS, ids=lambda edit: edit[0])
def test_a_citation_of_nothing_is_named(copy: Path, edit: Edit) -> None:
    faults = [fault for fault in edited(copy, edit) if fault.en.startswith("there is no requirement ")]
    assert [fault.place.split(":")[0] for fault in faults] == [edit[0]]


@pytest.mark.parametrize("value", ["WRT-2", "[WRT-002, batches]", "{id: WRT-002}"])
def test_a_field_that_cites_something_else_is_named(copy: Path, value: str) -> None:
    faults = edited(copy, ("limits.yaml", "clause: WRT-002", f"clause: {value}"))
    assert [fault.en for fault in faults] == ["a requirement id is expected here"]


def test_algorithms_are_no_citations(copy: Path) -> None:
    assert edited(copy, (ZH_WRITING, "批次不是事务", "SHA-256 与 SHA-512 不是事务")) == []


def test_data_that_cannot_be_read_is_named(copy: Path) -> None:
    faults = edited(copy, ("limits.yaml", "limits:", "limits: ["))
    assert [fault.place for fault in faults] == ["limits.yaml"]


def test_a_text_that_is_not_utf8_is_named(copy: Path) -> None:
    (copy / "text/zh/01-scope.md").write_bytes("# 1 范围".encode("gb18030"))
    assert [(fault.place, fault.en) for fault in lint(law_texts(copy))] == [
        ("text/zh/01-scope.md", "not UTF-8 text")
    ]
