"""What an expression may name while SQL is being written, and how a value becomes text that cannot break out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tanpuhui.spec._expression_scope import ExpressionError, Scope
from tanpuhui.spec.sql.dialect import Dialect, quoted, text_literal
from tanpuhui.spec.sql.term import MOST_DIGITS, TEXT, SqlTerm, SqlType, type_of_value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from sqlglot import exp


@dataclass(frozen=True, slots=True)
class SqlScope:
    """Columns by type, parameters by value, and the engine that is written for."""

    name: str
    dialect: Dialect
    columns: Mapping[str, SqlType]
    params: Mapping[str, Decimal | int | str]

    @property
    def law(self) -> Scope:
        """The same scope as the closures' compiler has it, for what both read alike."""
        return Scope(self.name, {name: of.kind for name, of in self.columns.items()}, self.params)

    def refuse(self, zh: str, en: str) -> ExpressionError:
        """The error that names the expression's owner."""
        return ExpressionError(self.name, zh, en)

    def only(self, node: exp.Expr, *allowed: str) -> None:
        """Refuse a node that carries more than the grammar knows."""
        self.law.only(node, *allowed)

    def column(self, name: str) -> SqlTerm:
        """The term of a column."""
        if name not in self.columns:
            raise self.refuse(f"没有列 {name}", f"there is no column {name}")
        return SqlTerm(quoted(name), self.columns[name])

    def param(self, name: str) -> SqlTerm:
        """The term of a parameter."""
        if name not in self.params:
            raise self.refuse(f"没有参数 :{name}", f"there is no parameter :{name}")
        return self.constant(self.params[name])

    def constant(self, value: Decimal | int | str) -> SqlTerm:
        """The term of a fixed value; a number is always a decimal of its own width."""
        if isinstance(value, str):
            return SqlTerm(text_literal(value), TEXT, value)
        of = type_of_value(value)
        return self.sized(SqlTerm(f"CAST('{value:f}' AS {self.dialect.number(of)})", of))

    def sized(self, term: SqlTerm) -> SqlTerm:
        """The same term, unless an engine could not hold all its digits."""
        self.require_digits(term.type.digits)
        return term

    def require_digits(self, digits: int) -> None:
        """Refuse an expression whose digits an engine could lose."""
        if digits > MOST_DIGITS:
            raise self.refuse(
                f"需要 {digits} 位数字，超过 {MOST_DIGITS} 位",
                f"takes {digits} digits, more than {MOST_DIGITS}",
            )
