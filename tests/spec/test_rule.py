"""Annex B, rules for one record: each proves itself by its examples, and an unsound one is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tanpuhui.spec.element import schemes
from tanpuhui.spec.law import law_yaml
from tanpuhui.spec.limits import default_times
from tanpuhui.spec.pv_day import day_rules
from tanpuhui.spec.quality import InvalidRule, Rule, broken, dimensions, rules
from tanpuhui.spec.requirement import requirements
from tanpuhui.spec.rule import read_rule, row_rules, rule_files

ENTRIES = law_yaml("quality/rules.yaml")["rules"]


def named(rule_id: str) -> Rule:
    return next(rule for rule in row_rules() if rule.id == rule_id)


@pytest.mark.parametrize("rule", row_rules(), ids=lambda rule: rule.id)
def test_a_rule_holds_for_its_good_examples_and_not_for_its_bad_ones(rule: Rule) -> None:
    assert [broken(rule, example) for example in rule.passing] == [False] * len(rule.passing)
    assert [broken(rule, example) for example in rule.failing] == [True] * len(rule.failing)


@pytest.mark.parametrize("rule", row_rules(), ids=lambda rule: rule.id)
def test_a_rule_stands_on_a_requirement_and_gives_its_reason_in_both_languages(rule: Rule) -> None:
    assert rule.clause in requirements()
    assert rule.dimension.code in dimensions()
    assert rule.rationale_zh
    assert rule.rationale_en


@pytest.mark.parametrize("rule", row_rules(), ids=lambda rule: rule.id)
def test_every_figure_of_a_rule_says_how_firm_it_is_and_appears_in_its_text(rule: Rule) -> None:
    figures = {name: f"{value:f}" for name, value in rule.bound(default_times()).items()}
    for words in (rule.title_zh, rule.title_en):
        assert "{" not in words.format_map(figures)
    for name, origin in rule.origins.items():
        assert f":{name}" in f"{rule.expr} {rule.when}"
        assert origin.status in {"official", "secondary", "illustrative"}
        assert origin.zh
        assert origin.en


def test_the_rules_of_a_scheme_stand_in_its_file_and_bear_its_name() -> None:
    for code in schemes():
        found = law_yaml(f"quality/{code.lower()}.yaml")["rules"]
        assert {entry["scheme"] for entry in found} == {code}
        assert {entry["id"].split("-")[1] for entry in found} == {code}
    assert len(rule_files()) == len(schemes()) + 1


def test_rules_that_only_the_platform_runs_are_no_part_of_the_gate() -> None:
    gate = {rule.id for rule in rules()}
    late = named("Q-ENV-012")
    assert (late.scope, late.severity) == ("day", "flag")
    assert late.id not in gate
    assert {rule.severity for rule in row_rules() if rule.id not in gate} == {"flag"}


def test_a_figure_has_the_origin_of_the_catalogue_unless_it_states_its_own() -> None:
    speed = named("Q-BIKE-004").origins["speed_max_kmh"]
    assert (speed.status, speed.en) == ("illustrative", "A proposed value, not official")
    minute = named("Q-BIKE-001")
    assert minute.params["duration_min_s"] == Decimal(60)
    assert minute.origins["duration_min_s"].status == "secondary"


def test_a_parameter_that_the_law_states_elsewhere_is_read_from_there() -> None:
    assert named("Q-PV-005").bound(default_times()) == {"valid_share": day_rules().valid_share}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"examples": {"pass": [{"business_day": "2026-03-01"}]}}, "no example of kind fail"),
        ({"examples": {"pass": [], "fail": [{"business_day": "2026-03-01"}]}}, "no example of kind pass"),
        ({"examples": {"pass": [{"mood": "good"}], "fail": [{"business_day": "x"}]}}, "names no column"),
        ({"severity": "error"}, "severity"),
        ({"dimension": "999999"}, "dimension"),
        ({"reason": "because"}, "reason"),
        ({"scheme": "FERRY"}, "no such scheme"),
        ({"on_null": "maybe"}, "on_null"),
        ({"id": "Q1"}, "malformed"),
        ({"scope": "year"}, "scope"),
        ({"scope": "history"}, "record or day"),
        ({"kind": "unique"}, "no expression"),
        ({"title": {"zh": "业务日", "en": "The day", " the other half": None}}, "title"),
    ],
)
def test_an_unsound_rule_is_refused_by_name(change: dict[str, Any], words: str) -> None:
    entry = {**next(entry for entry in ENTRIES if entry["id"] == "Q-ENV-002"), **change}
    with pytest.raises(InvalidRule, match=words):
        read_rule(entry)
