"""`tph explain`: the sentence in both languages, what checks it, what goes wrong, what to run again."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from tanpuhui.conformance.check import checks
from tanpuhui.conformance.cli import tph
from tanpuhui.spec.requirement import requirements


def explained(name: str) -> str:
    done = CliRunner().invoke(tph, ["explain", name])
    assert done.exit_code == 0, done.output
    return done.output


def test_it_tells_everything_that_helps() -> None:
    text = explained("CAL-004")
    told = {
        "the law": "场景方不应早于 `Retry-After` 所示时间重发。",
        "its translation": "SHALL NOT send again",
        "a note": "注：",
        "a check": "CAL-004/waits-as-long-as-told",
        "a refusal": "429 rate-limited",
        "a common cause": "只认秒数形式的 Retry-After",
        "a scene": "rate_limited",
        "the next step": "tph check CAL-004",
    }
    assert {what for what, words in told.items() if words not in text} == set()


@pytest.mark.parametrize("name", ["cal-004", "CAL-004/waits-as-long-as-told", "rate-limited", " CAL-004 "])
def test_a_requirement_is_found_by_any_of_its_names(name: str) -> None:
    assert explained(name) == explained("CAL-004")


def test_a_reason_of_a_record_leads_to_its_requirement() -> None:
    assert explained("reduction-mismatch").startswith("ACC-002")


@pytest.mark.parametrize("requirement", list(requirements()))
def test_every_requirement_can_be_explained(requirement: str) -> None:
    text = explained(requirement)
    judged = any(check.requirement == requirement for check in checks().values())
    assert ("tph check" in text) == judged


def test_what_is_not_testable_says_why() -> None:
    assert "不可测" in explained("SIG-008")


def test_an_unknown_name_gets_suggestions() -> None:
    done = CliRunner().invoke(tph, ["explain", "CAL-44"])
    assert done.exit_code == 2
    assert "CAL-004" in done.output
