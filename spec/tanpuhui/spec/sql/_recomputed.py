"""Accounting as SQL: the reduction by each methodology, version and parameter set, in exact decimals."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from tanpuhui.spec.accounting import NORMAL
from tanpuhui.spec.methodology import methodologies
from tanpuhui.spec.sql.columns import ROW, record_types
from tanpuhui.spec.sql.dialect import quoted, text_literal
from tanpuhui.spec.sql.expression import value_sql
from tanpuhui.spec.sql.relation import RECORDS
from tanpuhui.spec.sql.scope import SqlScope
from tanpuhui.spec.sql.value import computed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tanpuhui.spec.methodology import Methodology, ParameterSet
    from tanpuhui.spec.set_kind import Recompute
    from tanpuhui.spec.sql._chosen import Chosen
    from tanpuhui.spec.sql.dialect import Dialect

_CLAIMED = "reduction_kg"
_UNIT = Decimal("0.000001")


def miscounted(kind: Recompute, chosen: Chosen) -> tuple[str, str]:
    """Every row to which the rule applies, and those whose claim is not the methodology's."""
    only = [chosen.rule.scheme] if chosen.rule.scheme else chosen.schemes
    row = quoted(ROW)
    judged, wrong = [], []
    for scheme in only:
        rows = chosen.rows(RECORDS, (), scheme=scheme)
        judged.append(f"SELECT {row}, scheme FROM ({rows}) AS judged")
        due = due_sql(scheme, kind.tolerance, chosen.dialect)
        wrong.append(f"SELECT {row}, scheme FROM ({rows}) AS judged WHERE {due} IS NOT TRUE")
    return " UNION ALL ".join(judged), " UNION ALL ".join(wrong)


def due_sql(scheme: str, tolerance: Decimal, dialect: Dialect) -> str:
    """The condition that a claim is the exact reduction rounded down, within a tolerance; NULL without a set.

    Claims have six places, so the claim is the exact value rounded down where claim <= exact < claim + one unit.
    """
    branches = " ".join(
        f"WHEN {_names(methodology, figures)} THEN {_holds(methodology, figures, tolerance, dialect)}"
        for methodology, figures in _sets(scheme)
    )
    return f"(CASE {branches} END)"


def _sets(scheme: str) -> Iterator[tuple[Methodology, ParameterSet]]:
    for methodology in methodologies():
        if methodology.scheme == scheme:
            yield from ((methodology, figures) for figures in methodology.parameter_sets)


def _names(methodology: Methodology, figures: ParameterSet) -> str:
    named = {
        "parameter_set": figures.id,
        "methodology_version": methodology.version,
        "methodology": methodology.code,
    }
    return " AND ".join(f"{quoted(name)} = {text_literal(value)}" for name, value in named.items())


def _holds(methodology: Methodology, figures: ParameterSet, tolerance: Decimal, dialect: Dialect) -> str:
    scope = SqlScope(methodology.code, dialect, record_types(methodology.scheme), figures.values)
    baseline = value_sql(methodology.formula.baseline, scope)
    scenario = value_sql(methodology.formula.scenario, scope)
    exact = computed(scope, baseline, "-", scenario)
    zero, slack = scope.constant(0), scope.constant(tolerance.quantize(_UNIT, rounding=ROUND_DOWN))
    claimed, unit = scope.column(_CLAIMED), scope.constant(_UNIT)
    above = computed(scope, computed(scope, claimed, "+", slack), "+", unit)
    below = computed(scope, claimed, "-", slack)
    normal = f"{quoted('device_state')} = {text_literal(NORMAL)}"
    due = f"CASE WHEN {exact.code} < {zero.code} THEN {zero.code} ELSE {exact.code} END"
    stated = f"CASE WHEN {normal} THEN {due} ELSE {zero.code} END"
    return f"({below.code} <= {stated} AND {stated} < {above.code})"
