"""The law's lint on editions: they cover the text exactly, and what counts can be judged."""

from __future__ import annotations

import pytest

from tanpuhui.spec.lint import law_texts, lint

EDITION = "editions/2026.1.yaml"


def faults_with(old: str, new: str, **further: str) -> list[tuple[str, str]]:
    texts = law_texts()
    assert old in texts[EDITION]
    broken = texts | {EDITION: texts[EDITION].replace(old, new, 1)} | further
    return [(fault.place, fault.en) for fault in lint(broken)]


BROKEN = {
    "leaves one out": ("- WRT-001\n", "", "does not say whether WRT-001 counts"),
    "both": ("not_scored:\n", "not_scored:\n  WRT-001: platform\n", "WRT-001 both counts and does not"),
    "recommendation": ("- WRT-001\n", "- WRT-001\n- WRT-009\n", "WRT-009 does not bind and cannot count"),
    "untestable": ("- SIG-007\n", "- SIG-007\n- SIG-008\n", "SIG-008 is not testable and cannot count"),
    "invents one": ("- WRT-001\n", "- WRT-001\n- WRT-077\n", "WRT-077 is neither in the text nor retired"),
    "name": ("edition: '2026.1'", "edition: '2026.2'", "edition 2026.2 is in another file"),
    "no reason": ("API-001: platform", "API-001: unknown", "the edition is not structured as an edition"),
    "half a reason": (
        "{zh: 推荐性要求，不影响符合, en:",
        "{zh: 推荐性要求，不影响符合, fr:",
        "is not structured",
    ),
    "no list": ("retired: []", "", "the edition is not structured as an edition"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_edition_that_does_not_fit_the_text_is_named(name: str) -> None:
    old, new, words = BROKEN[name]
    assert [place for place, en in faults_with(old, new) if words in en] == [EDITION]


def test_an_older_edition_may_leave_out_what_came_later_but_not_lose_what_it_had() -> None:
    counted = "scored: [WRT-001, WRT-050], reasons: {}, not_scored: {}, retired: []"
    older = f"{{edition: '2025.9', status: frozen, {counted}}}"
    texts = law_texts() | {"editions/2025.9.yaml": older}
    assert [(fault.place, fault.en) for fault in lint(texts)] == [
        ("editions/2025.9.yaml", "WRT-050 is neither in the text nor retired")
    ]


def test_a_law_without_an_edition_is_named() -> None:
    texts = {name: text for name, text in law_texts().items() if name != EDITION}
    assert [fault.en for fault in lint(texts)] == ["there is no readable edition"]
