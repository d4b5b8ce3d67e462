"""The requirements are read from the text, in both languages, and from nowhere else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tanpuhui.spec.requirement import BrokenLaw, Requirement, read_requirements, requirements

if TYPE_CHECKING:
    from collections.abc import Mapping

ZH = """## 9.1 记录

说明。

#### 要求 WRT-002 批次大小 { #WRT-002 }

> 批次**不应**超过上限。

适用：场景方

#### 要求 WRT-001 保存 { #WRT-001 }

> 双方**宜**保存记录，**不宜**删除。

适用：双方

> 不可测：现场查验。

注：说明。
"""
EN = """#### Requirement WRT-001 Keeping { #WRT-001 }

> Both sides **SHOULD** keep records and **SHOULD NOT** delete them.

Applies to: both

> Not testable: inspected on site.

#### Requirement WRT-002 Batch size { #WRT-002 }

> A batch **SHALL NOT** exceed the bound.

Applies to: scenario
"""


def read(zh: str = ZH, en: str = EN) -> Mapping[str, Requirement]:
    return read_requirements({"text/zh/09-writing.md": zh, "text/en/09-writing.md": en})


def test_a_requirement_says_everything_about_itself_in_both_languages() -> None:
    batch = read()["WRT-002"]
    assert (batch.topic, batch.chapter, batch.role, batch.verb) == ("WRT", "09", "场景方", "不应")
    assert (batch.title_zh, batch.title_en) == ("批次大小", "Batch size")
    assert (batch.zh, batch.en) == ("批次不应超过上限。", "A batch SHALL NOT exceed the bound.")
    assert (batch.mandatory, batch.testable, batch.untestable_zh) == (True, True, None)


def test_the_first_verb_is_the_requirements_verb_and_a_recommendation_does_not_bind() -> None:
    keeping = read()["WRT-001"]
    assert (keeping.verb, keeping.mandatory) == ("宜", False)


def test_an_untestable_requirement_gives_its_reason_in_both_languages() -> None:
    keeping = read()["WRT-001"]
    assert (keeping.testable, keeping.untestable_zh, keeping.untestable_en) == (
        False,
        "现场查验。",
        "inspected on site.",
    )


def test_requirements_are_ordered_by_number_within_their_topic() -> None:
    assert list(read()) == ["WRT-001", "WRT-002"]


def test_topics_keep_the_order_of_the_text() -> None:
    topics = list(dict.fromkeys(requirement.topic for requirement in requirements().values()))
    assert topics == ["IND", "API", "AUT", "LNK", "CAL", "SIG", "WRT", "EVT", "ACC", "QUA", "DEV", "PRV"]


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        (ZH, EN.replace("WRT-002", "WRT-003")),
        (ZH.replace("**不应**", ""), EN),
        (ZH.replace("场景方", "某方"), EN),
    ],
    ids=["no translation", "no verb", "no such role"],
)
def test_a_requirement_that_cannot_be_read_names_its_place_and_the_next_step(zh: str, en: str) -> None:
    with pytest.raises(BrokenLaw, match=r"text/zh/09-writing\.md:5：.*tph spec lint"):
        read(zh, en)


def test_every_requirement_of_the_law_is_a_plain_sentence_with_a_title() -> None:
    for requirement in requirements().values():
        assert re.fullmatch(r"[A-Z]{3}-\d{3}", requirement.id)
        assert requirement.zh.endswith("。")
        assert requirement.en.endswith(".")
        assert "**" not in requirement.zh + requirement.en
        assert requirement.title_zh
        assert requirement.title_en


def test_requirements_cannot_be_changed_by_their_readers() -> None:
    with pytest.raises(TypeError):
        requirements()["WRT-003"] = None  # type: ignore[index]
