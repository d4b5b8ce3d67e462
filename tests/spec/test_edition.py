"""An edition says of every requirement whether it counts, and why not where it doesn't."""

from __future__ import annotations

import pytest

from tanpuhui.spec.edition import UnknownEdition, current_edition, edition, edition_order, read_edition
from tanpuhui.spec.requirement import requirements

RAW = {
    "edition": "2030.1",
    "status": "draft",
    "scored": ["WRT-001"],
    "reasons": {"later": {"zh": "以后", "en": "later"}},
    "not_scored": {"WRT-002": "later"},
    "retired": ["WRT-003"],
}


def test_what_does_not_count_has_its_reason_in_both_languages() -> None:
    assert read_edition(RAW).not_scored == {"WRT-002": "以后 / later"}


def test_a_reason_that_is_not_written_is_refused() -> None:
    with pytest.raises(KeyError):
        read_edition(RAW | {"not_scored": {"WRT-002": "never"}})


def test_the_current_edition_is_a_proposal_and_the_newest() -> None:
    assert (current_edition().name, current_edition().status) == ("2026.1", "proposal")
    assert current_edition() == edition("2026.1")


def test_what_counts_binds_the_scenario_and_can_be_observed() -> None:
    for id_ in current_edition().scored:
        requirement = requirements()[id_]
        assert requirement.mandatory
        assert requirement.testable
        assert requirement.role in {"场景方", "双方"}


def test_everything_that_binds_the_scenario_and_can_be_observed_counts() -> None:
    due = {
        requirement.id
        for requirement in requirements().values()
        if requirement.mandatory and requirement.testable and requirement.role != "平台"
    }
    assert current_edition().scored == due


def test_an_unknown_edition_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownEdition, match=r"2019\.9.*2026\.1"):
        edition("2019.9")


def test_editions_are_ordered_by_number() -> None:
    assert sorted(["2026.10", "2027.1", "2026.9"], key=edition_order) == ["2026.9", "2026.10", "2027.1"]
