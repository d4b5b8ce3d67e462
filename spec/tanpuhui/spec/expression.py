"""Restricted SQL of the law's rules and formulas, compiled to closures: three-valued, in exact decimals.

Nothing written in the law is run as code: the text is parsed as SQL, only listed nodes are accepted, and
Python is generated from those nodes, with written values as constants.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from tanpuhui.spec._expression_scope import ExpressionError, Kind, Scope
from tanpuhui.spec._expression_truth import truth
from tanpuhui.spec._expression_value import number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["ExpressionError", "Kind", "Predicate", "compile_predicate", "compile_value"]

Row: TypeAlias = "Mapping[str, Any]"


@dataclass(frozen=True, slots=True)
class Predicate:
    """A condition over rows; NULL makes it neither true nor false."""

    is_true: Callable[[Row], bool]
    is_false: Callable[[Row], bool]

    def __call__(self, row: Row) -> bool | None:
        """The truth value, None where it is unknown."""
        if self.is_true(row):
            return True
        return False if self.is_false(row) else None


def compile_predicate(
    sql: str,
    columns: Mapping[str, Kind],
    params: Mapping[str, Decimal | int | str] | None = None,
    *,
    name: str = "",
) -> Predicate:
    """The condition that a SQL text states; `name` is whose text it is, for the error."""
    tree = parsed(sql, name)
    compiled = []
    for wanted in (True, False):
        scope = Scope(name, columns, params or {})
        compiled.append(compiled_row(scope, truth(scope, tree, wanted=wanted)))
    return Predicate(*compiled)


def compile_value(
    sql: str,
    columns: Mapping[str, Kind],
    params: Mapping[str, Decimal | int | str] | None = None,
    *,
    name: str = "",
) -> Callable[[Row], Decimal | None]:
    """The number that a SQL text computes, None where it is NULL; the caller's context keeps the digits."""
    scope = Scope(name, columns, params or {})
    term = number(scope, parsed(sql, name))
    exact = scope.keep(Decimal)
    return compiled_row(scope, f"{exact}({term.code}) if {term.known} else None")


@lru_cache(maxsize=256)
def parsed(sql: str, name: str) -> exp.Expr:
    """The one expression that a text writes; `name` is whose text it is, for the error."""
    try:
        trees = sqlglot.parse(sql)
    except SqlglotError:
        raise ExpressionError(name, "不是可读的表达式", "cannot be read as an expression") from None
    if len(trees) != 1 or trees[0] is None:
        raise ExpressionError(name, "应恰为一个表达式", "shall be exactly one expression")
    return trees[0]


def compiled_row(scope: Scope, code: str) -> Callable[[Row], Any]:
    """The generated text as a function of a row."""
    loads = "".join(f"    {variable} = get({column!r})\n" for column, variable in scope.loads.items())
    source = f"def compiled(row):\n    get = row.get\n{loads}    return {code}\n"
    namespace = dict(scope.constants)
    exec(compile(source, f"<{scope.name or 'expression'}>", "exec"), namespace)  # noqa: S102  # text generated above
    made: Callable[[Row], Any] = namespace["compiled"]
    return made
