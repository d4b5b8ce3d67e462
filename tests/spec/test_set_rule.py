"""Annex B, rules over sets: each proves itself by its examples, and an unsound one is refused by name."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tanpuhui.spec.element import schemes
from tanpuhui.spec.law import law_yaml
from tanpuhui.spec.requirement import requirements
from tanpuhui.spec.rule import row_rules
from tanpuhui.spec.set_check import Beside, check_set
from tanpuhui.spec.set_rule import InvalidRule, SetKind, SetRule, Unique, read_set_rule, set_rules

ENTRIES = {entry["id"]: entry for entry in law_yaml("quality/sets.yaml")["rules"]}


@pytest.mark.parametrize("rule", set_rules(), ids=lambda rule: rule.id)
def test_a_rule_names_just_the_offending_rows_of_its_examples(rule: SetRule) -> None:
    for example in rule.examples:
        assert check_set(rule, example.rows, Beside(**example.beside)).offending == example.offending


@pytest.mark.parametrize("rule", set_rules(), ids=lambda rule: rule.id)
def test_a_rule_stands_on_a_requirement_and_gives_its_reason_in_both_languages(rule: SetRule) -> None:
    assert rule.clause in requirements()
    assert rule.rationale_zh
    assert rule.rationale_en
    for words in (rule.title_zh, rule.title_en):
        assert "{" not in words.format_map(rule.figures)


def test_every_kind_of_set_rule_is_in_use() -> None:
    assert {type(rule.kind) for rule in set_rules()} == set(SetKind.__args__)


def test_ids_are_given_once_in_the_whole_catalogue() -> None:
    ids = [rule.id for rule in (*row_rules(), *set_rules())]
    assert len(set(ids)) == len(ids)


def test_history_is_looked_at_by_rules_of_that_scope_alone() -> None:
    unique = {rule.scope: rule.kind.history for rule in set_rules() if isinstance(rule.kind, Unique)}
    assert unique == {"batch": False, "history": True}


def test_calibration_is_demanded_of_the_schemes_whose_indicators_say_so() -> None:
    (rule,) = (rule for rule in set_rules() if rule.reason == "calibration-not-valid")
    demanding = [code for code, scheme in schemes().items() if scheme.device.calibrated]
    assert [code for code in schemes() if f"'{code}'" in str(rule.when)] == demanding


def test_rejected_records_are_judged_alone_but_not_against_others() -> None:
    compared = {rule.id for rule in set_rules() if rule.compares}
    assert {rule.id for rule in set_rules()} - compared == {"Q-SET-009", "Q-SET-010", "Q-SET-019"}


@pytest.mark.parametrize(
    ("rule_id", "change", "words"),
    [
        ("Q-SET-001", {"kind": "once"}, "no such kind"),
        ("Q-SET-001", {"over": "record_id"}, "list of columns"),
        ("Q-SET-001", {"over": ["mood"]}, "no column mood"),
        ("Q-SET-001", {"group": ["record_id"]}, "group"),
        ("Q-SET-001", {"over": ...}, "over"),
        ("Q-SET-001", {"scope": "record"}, "not run on one record"),
        ("Q-SET-001", {"params": {"limit": "1"}}, "parameters"),
        ("Q-SET-001", {"examples": [{"rows": [], "offending": []}]}, "both needed"),
        ("Q-SET-001", {"examples": [{"rows": [], "offending": [1]}]}, "a row that it does not have"),
        ("Q-SET-006", {"end": "link_id"}, "no column link_id"),
        ("Q-SET-009", {"reference": "people"}, "no such columns"),
        ("Q-SET-009", {"match": {"link_id": "device_id"}}, "no such columns"),
        ("Q-SET-010", {"device": "polished"}, "no such duty"),
        ("Q-SET-011", {"params": {"limit": "2.5"}}, "positive integer"),
        ("Q-SET-011", {"params": {"limit": {"times": "late_window_days"}}}, "parameters"),
        ("Q-SET-013", {"measure": "median"}, "do not go together"),
        ("Q-SET-013", {"column": "link_id"}, "no column link_id"),
        ("Q-SET-015", {"scope": "day"}, "do not go together"),
        ("Q-SET-015", {"group": ["scheme"]}, "do not go together"),
    ],
)
def test_an_unsound_rule_is_refused_by_name(rule_id: str, change: dict[str, Any], words: str) -> None:
    entry = {**copy.deepcopy(ENTRIES[rule_id]), **change}
    entry = {name: value for name, value in entry.items() if value is not ...}
    with pytest.raises(InvalidRule, match=words) as refused:
        read_set_rule(entry)
    assert refused.value.rule == rule_id
