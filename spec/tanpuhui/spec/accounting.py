"""Accounting (ACC-002): the methodology's formula in exact decimals, rounded down once, in the last step."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Context, Decimal, Inexact, localcontext
from functools import cache
from typing import TYPE_CHECKING, Any

from tanpuhui.spec.columns import activity_row, record_columns
from tanpuhui.spec.element import envelope
from tanpuhui.spec.expression import compile_value
from tanpuhui.spec.methodology import NoMethodology, named
from tanpuhui.spec.quantity import decimal_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NORMAL = "N"
ZERO = Decimal(0)

# A formula that cannot be computed exactly is a fault of the law and stops here instead of losing a digit.
_EXACT = Context(prec=100, traps=[Inexact])
_WIDE = Context(prec=100, rounding=ROUND_DOWN)
_LAST_PLACE = Decimal("0.000001")


class IncompleteActivity(ValueError):
    """活动缺少公式所需的指标 / The activity lacks an element that the formula needs."""

    def __init__(self) -> None:
        super().__init__(
            "活动缺少公式所需的指标（IND-001）"
            " / the activity lacks an element that the formula needs (IND-001)"
        )


@dataclass(frozen=True, slots=True)
class Accounts:
    """The three quantities that a record claims, each rounded down from its exact value."""

    baseline_kg: Decimal
    scenario_kg: Decimal
    reduction_kg: Decimal


def account(record: Mapping[str, Any]) -> Accounts:
    """What a record may claim, by the methodology, version and parameter set that it names itself."""
    return account_row({**record, **activity_row(record)})


def account_row(row: Mapping[str, Any]) -> Accounts:
    """The same for the row of a record."""
    baseline_of, scenario_of = _formula(
        row["scheme"], row["methodology"], row["methodology_version"], row["parameter_set"]
    )
    if row["device_state"] != NORMAL:
        return Accounts(ZERO, ZERO, ZERO)
    with localcontext(_EXACT):
        baseline, scenario = baseline_of(row), scenario_of(row)
        if baseline is None or scenario is None:
            raise IncompleteActivity
        reduction = max(baseline - scenario, ZERO)
    return Accounts(_down(baseline), _down(scenario), _down(reduction))


def accounts_text(accounts: Accounts) -> dict[str, str]:
    """The three quantities as they travel in a record."""
    return {name: decimal_text(getattr(accounts, name), places) for name, places in _places().items()}


@cache
def _formula(
    scheme: str, code: str, version: str, set_id: str
) -> tuple[Callable[[Mapping[str, Any]], Decimal | None], Callable[[Mapping[str, Any]], Decimal | None]]:
    methodology, parameters = named(code, version, set_id)
    if methodology.scheme != scheme:
        raise NoMethodology
    columns, figures = record_columns(scheme), parameters.values
    formula = methodology.formula
    return (
        compile_value(formula.baseline, columns, figures, name=code),
        compile_value(formula.scenario, columns, figures, name=code),
    )


@cache
def _places() -> dict[str, int]:
    claimed = Accounts.__dataclass_fields__
    return {element.id: element.precision or 0 for element in envelope() if element.id in claimed}


def _down(value: Decimal) -> Decimal:
    return value.quantize(_LAST_PLACE, context=_WIDE)
