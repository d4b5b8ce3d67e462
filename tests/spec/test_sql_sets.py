"""Every kind of set rule judges as the plain Python one does, on DuckDB and on PostgreSQL."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tanpuhui.spec.accounting import account
from tanpuhui.spec.methodology import methodologies
from tanpuhui.spec.set_check import Beside, check_set
from tanpuhui.spec.set_rule import SetRule, read_set_rule, set_rules
from tanpuhui.spec.sql.bulk import tally_set
from tanpuhui.spec.sql.mask import MOST_SAMPLES, Tally
from tanpuhui.spec.sql.sets import set_queries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sql_engine import Engine

START = datetime(2026, 3, 1, tzinfo=UTC)
HEAD = {
    "id": "Q-TRY-001",
    "dimension": "030100",
    "severity": "flag",
    "clause": "QUA-001",
    "title": {"zh": "试", "en": "t"},
    "rationale": {"zh": "试", "en": "t"},
    "examples": [{"rows": [], "offending": []}, {"rows": [{}], "offending": [0]}],
}
KINDS: list[dict[str, Any]] = [
    {"kind": "unique", "scope": "day", "over": ["record_id"]},
    {"kind": "unique", "scope": "history", "over": ["link_id", "business_day"]},
    {"kind": "no_overlap", "scope": "day", "partition": ["link_id"], "start": "start_at", "end": "end_at"},
    {"kind": "no_overlap", "scope": "day", "partition": ["device_id", "link_id"], "start": "start_at", "end": "end_at",
     "when": "device_state = 'N'"},
    {"kind": "covered_by", "scope": "day", "reference": "links", "match": {"link_id": "link_id"}, "at": "start_at",
     "valid_from": "valid_from", "valid_to": "valid_to"},
    {"kind": "cap", "scope": "day", "group": ["link_id", "business_day"], "params": {"limit": "2"}},
    {"kind": "volume", "scope": "day", "group": ["link_id"], "measure": "mean", "column": "reduction_kg",
     "params": {"low": "0.5", "high": "1.25", "least": "2"}},
    {"kind": "volume", "scope": "history", "group": ["link_id", "business_day"], "measure": "count_ratio",
     "params": {"low": "0.5", "high": "2.5", "least": "1", "days": "7"}},
    {"kind": "consistent", "scope": "day", "group": ["device_id"], "equal": "district_code"},
    {"kind": "consistent", "scope": "day", "group": ["device_id", "link_id"], "equal": "reduction_kg"},
]  # fmt: skip


def tallies_agree(
    engine: Engine, rule: SetRule, rows: Sequence[Mapping[str, Any]], beside: Mapping[str, Any]
) -> None:
    named = [{"scheme": rule.scheme or "PV", **row} for row in rows]
    former = [{"scheme": rule.scheme or "PV", **row} for row in beside.get("history", ())]
    present = sorted({row["scheme"] for row in named})
    for scheme in (None, *present):
        engine.lay(named, scheme)
        engine.lay_beside({**beside, "history": former}, scheme)
    found = Tally()
    for tally in tally_set(engine.run, engine.dialect, rule, present).values():
        found = found.joined(tally)
    oracle = check_set(rule, named, Beside(**{**beside, "history": former}))
    offending = oracle.offending
    assert found == Tally(oracle.applicable, len(offending), offending[:MOST_SAMPLES])
    about = [scheme for scheme in present if rule.scheme in {None, scheme}]
    rows_found = engine.run(set_queries(rule, engine.dialect, about).rows) if about else []
    assert tuple(sorted(row for (row,) in rows_found)) == offending


@pytest.mark.parametrize("rule", set_rules(), ids=lambda rule: rule.id)
def test_a_set_rule_finds_its_own_examples(engine: Engine, rule: SetRule) -> None:
    for example in rule.examples:
        tallies_agree(engine, rule, example.rows, dict(example.beside))


@pytest.mark.parametrize("entry", KINDS, ids=lambda entry: f"{entry['kind']}-{entry['scope']}")
@pytest.mark.parametrize("seed", range(6))
def test_every_kind_agrees_with_its_plain_reading(engine: Engine, entry: dict[str, Any], seed: int) -> None:
    chance = random.Random(seed)
    rows = [_row(chance) for _ in range(60)]
    links = [_period(chance) for _ in range(12)]
    history = [{**_row(chance), "business_day": f"2026-02-{chance.randint(20, 28)}"} for _ in range(40)]
    tallies_agree(engine, read_set_rule({**HEAD, **entry}), rows, {"links": links, "history": history})


def _row(chance: random.Random) -> dict[str, Any]:
    start = START + timedelta(minutes=chance.randint(0, 600))
    row = {
        "record_id": f"r{chance.randint(0, 40)}",
        "link_id": chance.choice(["l1", "l2", "é", "Z"]),
        "device_id": chance.choice(["d1", "d2"]),
        "district_code": chance.choice(["310115", "310101", "310104"]),
        "device_state": chance.choice("NNNF"),
        "business_day": chance.choice(["2026-03-01", "2026-03-02"]),
        "start_at": start,
        "end_at": start + timedelta(minutes=chance.choice([0, 5, 30, 300])),
        "reduction_kg": Decimal(chance.randint(0, 3)).scaleb(-6),
    }
    return {name: value for name, value in row.items() if chance.random() > 0.05}


def _period(chance: random.Random) -> dict[str, Any]:
    start = START + timedelta(minutes=chance.randint(-60, 500))
    end = None if chance.random() < 0.2 else start + timedelta(minutes=chance.randint(0, 200))
    return {"link_id": chance.choice(["l1", "l2", "é"]), "valid_from": start, "valid_to": end}


@pytest.mark.parametrize("methodology", methodologies(), ids=lambda found: f"{found.code} {found.version}")
@pytest.mark.parametrize("tolerance", ["0", "0.000002"])
def test_accounting_in_sql_is_the_accounting_of_the_law(
    engine: Engine, methodology: Any, tolerance: str
) -> None:
    recompute = {
        "kind": "recompute",
        "scope": "day",
        "scheme": methodology.scheme,
        "params": {"tolerance": tolerance},
    }
    chance = random.Random(methodology.version)
    rows = [_accounted(methodology, chance) for _ in range(200)]
    tallies_agree(engine, read_set_rule({**HEAD, **recompute}), rows, {})


def _accounted(methodology: Any, chance: random.Random) -> dict[str, Any]:
    figures = chance.choice(methodology.parameter_sets)
    row: dict[str, Any] = {
        "scheme": methodology.scheme,
        "methodology": methodology.code,
        "methodology_version": methodology.version,
        "parameter_set": figures.id,
        "device_state": chance.choice("NNNNF"),
        **{name: Decimal(chance.randint(0, 10**7)).scaleb(-3) for name in _QUANTITIES},
    }
    due = account({**row, "activity": row}).reduction_kg
    row["reduction_kg"] = max(
        due + Decimal(chance.choice([0, 0, 0, 1, -1, 2, -2, 3, -3])).scaleb(-6), Decimal(0)
    )
    if chance.random() < 0.1:
        row["parameter_set"] = chance.choice(["pv-2024.1-a", "none", figures.id])
    return row


_QUANTITIES = (
    *("distance_km", "energy_kwh", "generation_kwh", "baseline_kwh", "total_kwh", "peak_kwh", "valley_kwh"),
    *("capacity_kw",),
)
