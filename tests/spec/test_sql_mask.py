"""Every rule of the catalogue says the same of every row, whether a closure, DuckDB or PostgreSQL says it."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tanpuhui.spec.element import envelope, schemes
from tanpuhui.spec.expression import compile_predicate
from tanpuhui.spec.limits import default_times
from tanpuhui.spec.quality import broken
from tanpuhui.spec.rule import Rule, row_rules
from tanpuhui.spec.sql.bulk import rules_of, tally_rows
from tanpuhui.spec.sql.columns import record_types
from tanpuhui.spec.sql.mask import MOST_RULES, MOST_SAMPLES, Tally, mask_scans

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sql_engine import Engine

TIMES = default_times()
MIDNIGHT = datetime(2026, 2, 28, 16, tzinfo=UTC)


def expected(rule: Rule, rows: Sequence[Mapping[str, Any]], scheme: str) -> Tally:
    applies = compile_predicate(rule.when or "TRUE", record_types_kinds(scheme), rule.bound(TIMES)).is_true
    applicable = sum(applies(row) for row in rows)
    offending = [at for at, row in enumerate(rows) if broken(rule, row, TIMES)]
    return Tally(applicable, len(offending), tuple(offending[:MOST_SAMPLES]))


def record_types_kinds(scheme: str) -> dict[str, Any]:
    return {name: of.kind for name, of in record_types(scheme).items()}


@pytest.mark.parametrize("rule", row_rules(), ids=lambda rule: rule.id)
def test_a_rule_finds_its_own_examples(engine: Engine, rule: Rule) -> None:
    scheme = rule.scheme or next(iter(schemes()))
    rows = [*rule.passing, *rule.failing]
    engine.lay(rows, scheme)
    found = tally_rows(engine.run, engine.dialect, [rule], scheme, TIMES)
    assert found[rule.id] == expected(rule, rows, scheme)
    assert found[rule.id].violations == len(rule.failing)


@pytest.mark.parametrize("scheme", schemes())
def test_all_rules_agree_on_awkward_rows_in_one_pass(engine: Engine, scheme: str) -> None:
    chance = random.Random(scheme)
    rows = [awkward_row(scheme, chance) for _ in range(400)]
    engine.lay(rows, scheme)
    rules = rules_of(row_rules(), scheme)
    found = tally_rows(engine.run, engine.dialect, rules, scheme, TIMES)
    assert found == {rule.id: expected(rule, rows, scheme) for rule in rules}


def test_one_pass_takes_as_many_rules_as_a_number_has_bits(engine: Engine) -> None:
    rules = [row_rules()[0]] * (2 * MOST_RULES + 1)
    assert len(mask_scans(rules, "t", "PV", engine.dialect, TIMES)) == 3
    assert len(mask_scans(rules[:MOST_RULES], "t", "PV", engine.dialect, TIMES)) == 1


def test_a_relation_without_rows_has_no_violations(engine: Engine) -> None:
    engine.lay([], "PV")
    rules = rules_of(row_rules(), "PV")
    found = tally_rows(engine.run, engine.dialect, rules, "PV", TIMES)
    assert set(found.values()) == {Tally()}


def awkward_row(scheme: str, chance: random.Random) -> dict[str, Any]:
    values: dict[str, Sequence[Any]] = {}
    for element in (*envelope(), *schemes()[scheme].elements):
        values[element.id] = element.values or ("x", "", "SM12\n", "１２", "310115")
    row: dict[str, Any] = {"scheme": scheme}
    for name, of in record_types(scheme).items():
        if name != "scheme" and chance.random() > 0.1:
            row[name] = _value(of, values.get(name, ("00:00:00", "08:00:00", "00:00:00.000001")), chance)
    return row


def _value(of: Any, words: Sequence[Any], chance: random.Random) -> Any:
    if of.kind == "text":
        return chance.choice(words)
    if of.kind == "date":
        return (date(2026, 3, 1) + timedelta(days=chance.choice((-9000, -1, 0, 1)))).isoformat()
    if of.kind == "instant":
        return MIDNIGHT + timedelta(seconds=chance.choice((0, 0.000001, 900, 86400, -31 * 86400)))
    digits = chance.randint(0, of.digits)
    number = Decimal(chance.randint(0, 10**digits - 1)).scaleb(-of.scale)
    return int(number) if of.kind == "integer" else number
