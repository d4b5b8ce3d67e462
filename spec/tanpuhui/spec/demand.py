"""Many demands on a row as one function: a row that meets them all is looked at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tanpuhui.spec._expression_scope import Scope
from tanpuhui.spec._expression_truth import truth
from tanpuhui.spec.expression import compiled_row, parsed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from tanpuhui.spec.expression import Kind


@dataclass(frozen=True, slots=True)
class Demand:
    """What a rule asks of a row where its condition holds; `null_breaks` says what an unknown answer means."""

    name: str
    expr: str
    when: str | None
    params: Mapping[str, Decimal | int | str]
    null_breaks: bool


def compile_any_broken(
    demands: Sequence[Demand], columns: Mapping[str, Kind]
) -> Callable[[Mapping[str, Any]], bool]:
    """Whether a row breaks any of the demands."""
    whole = Scope("demands", columns, {})
    code = " or ".join(_broken(demand, whole) for demand in demands)
    return compiled_row(whole, code or "False")


def _broken(demand: Demand, whole: Scope) -> str:
    scope = Scope(demand.name, whole.columns, demand.params, whole.constants, whole.loads)
    tree = parsed(demand.expr, demand.name)
    fails = (
        f"not {truth(scope, tree, wanted=True)}" if demand.null_breaks else truth(scope, tree, wanted=False)
    )
    applies = truth(scope, parsed(demand.when or "TRUE", demand.name), wanted=True)
    return f"({fails} and {applies})"
