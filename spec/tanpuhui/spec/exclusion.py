"""Which activities a methodology excludes (ACC-004): told to both sides by the same expressions."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from tanpuhui.spec.columns import record_columns, record_row
from tanpuhui.spec.expression import compile_predicate
from tanpuhui.spec.methodology import named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.spec.expression import Predicate
    from tanpuhui.spec.methodology import Exclusion

CLAUSE = "ACC-004"


def excluded(record: Mapping[str, Any]) -> tuple[Exclusion, ...]:
    """The exclusions of the record's own methodology that hold for it; none where it may be reported."""
    return excluded_row(record_row(record))


def excluded_row(row: Mapping[str, Any]) -> tuple[Exclusion, ...]:
    """The same for the row of a record."""
    conditions = _conditions(row["methodology"], row["methodology_version"], row["parameter_set"])
    return tuple(exclusion for exclusion, holds in conditions if holds.is_true(row))


@cache
def _conditions(code: str, version: str, set_id: str) -> tuple[tuple[Exclusion, Predicate], ...]:
    methodology, _ = named(code, version, set_id)
    columns = record_columns(methodology.scheme)
    return tuple(
        (exclusion, compile_predicate(exclusion.expr, columns, exclusion.params, name=exclusion.id))
        for exclusion in methodology.exclusions
    )
