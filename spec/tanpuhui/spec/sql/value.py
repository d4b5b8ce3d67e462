"""Values of the restricted grammar as SQL text that computes in exact decimals on every engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from tanpuhui.spec._expression_scope import NUMBERS
from tanpuhui.spec._expression_value import interval_of, moves, written
from tanpuhui.spec.sql.dialect import quotient_digits, quotient_type
from tanpuhui.spec.sql.term import DATE, SqlTerm, SqlType, common_type, number_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from tanpuhui.spec.sql.scope import SqlScope

_LENGTH = number_type(9, 0)


def value(scope: SqlScope, node: exp.Expr) -> SqlTerm:
    """The term of a value node; anything outside the grammar is refused."""
    maker = _MAKERS.get(type(node))
    if maker is None:
        raise scope.refuse(f"语法不含 {node.key}", f"{node.key} is not in the grammar")
    return maker(scope, node)


def number(scope: SqlScope, node: exp.Expr) -> SqlTerm:
    """The term of a node that has to be a number."""
    term = value(scope, node)
    if term.type.kind not in NUMBERS:
        kind = term.type.kind
        raise scope.refuse(f"{kind} 不能参与算术", f"{kind} cannot take part in arithmetic")
    return term


def computed(scope: SqlScope, a: SqlTerm, sign: str, b: SqlTerm) -> SqlTerm:
    """The sum, difference or product of two numbers, in a type that holds every digit."""
    common = common_type(a.type, b.type)
    made = number_type(common.whole + 1, common.scale)
    if sign == "*":
        made = SqlType("decimal", a.type.digits + b.type.digits, a.type.scale + b.type.scale)
    scope.require_digits(made.digits)
    operands = [scope.dialect.operand(term, made) for term in (a, b)]
    code = f"({f' {sign} '.join(operands)})"
    widened = operands != [
        a.code,
        b.code,
    ]  # what an engine widened would widen its neighbours too, and cost them places
    return SqlTerm(scope.dialect.cast(code, made) if widened else code, made)


def _paren(scope: SqlScope, node: exp.Expr) -> SqlTerm:
    return value(scope, node.this)


def _column(scope: SqlScope, node: exp.Expr) -> SqlTerm:
    scope.only(node, "this")
    return scope.column(node.name)


def _placeholder(scope: SqlScope, node: exp.Expr) -> SqlTerm:
    return scope.param(node.name)


def _literal(scope: SqlScope, node: exp.Expr) -> SqlTerm:
    return scope.constant(written(scope.law, node))


def _negated(scope: SqlScope, node: exp.Expr) -> SqlTerm:
    inner = number(scope, node.this)
    return SqlTerm(f"(- {inner.code})", inner.type)


def _absolute(scope: SqlScope, node: exp.Expr) -> SqlTerm:
    inner = number(scope, node.this)
    return SqlTerm(f"abs({inner.code})", inner.type)


def _length(scope: SqlScope, node: exp.Expr) -> SqlTerm:
    scope.only(node, "this")
    inner = value(scope, node.this)
    if inner.type.kind != "text":
        raise scope.refuse("LENGTH 只用于文本", "LENGTH takes a text")
    return SqlTerm(scope.dialect.cast(f"length({inner.code})", _LENGTH), _LENGTH)


def _sum(sign: str) -> Callable[[SqlScope, exp.Expr], SqlTerm]:
    def made(scope: SqlScope, node: exp.Expr) -> SqlTerm:
        right = node.args["expression"]
        if isinstance(right, exp.Interval):
            return _moved(scope, node.this, right, sign)
        a, b = number(scope, node.this), number(scope, right)
        return computed(scope, a, sign, b)

    return made


def _product(scope: SqlScope, node: exp.Expr) -> SqlTerm:
    a, b = number(scope, node.this), number(scope, node.args["expression"])
    return computed(scope, a, "*", b)


def _divided(scope: SqlScope, node: exp.Expr) -> SqlTerm:
    scope.only(node, "this", "expression")
    a, b = number(scope, node.this), number(scope, node.args["expression"])
    scope.require_digits(quotient_digits(a.type, b.type))
    return SqlTerm(scope.dialect.quotient(a, b), quotient_type(a.type, b.type))


def _moved(scope: SqlScope, node: exp.Expr, interval: exp.Interval, sign: str) -> SqlTerm:
    term = value(scope, node)
    amount, unit = interval_of(scope.law, interval, sign)
    if not moves(term.type.kind, unit):
        kind = term.type.kind
        raise scope.refuse(f"{kind} 不能按 {unit} 移动", f"{kind} cannot be moved by {unit}")
    shifted = f"({term.code} + INTERVAL '{amount} {unit}')"
    return SqlTerm(scope.dialect.cast(shifted, DATE) if term.type == DATE else shifted, term.type)


def _first_known(scope: SqlScope, node: exp.Expr) -> SqlTerm:
    terms = [value(scope, found) for found in (node.this, *node.expressions)]
    kinds = {term.type.kind for term in terms}
    if len(kinds) > 1 and not kinds <= NUMBERS:
        raise scope.refuse("COALESCE 的各项应同类", "the items of COALESCE shall be of one kind")
    made = terms[0].type
    for term in terms[1:]:
        made = common_type(made, term.type)
    return scope.sized(SqlTerm(f"COALESCE({', '.join(term.code for term in terms)})", made))


_MAKERS: dict[type[exp.Expr], Callable[[SqlScope, exp.Expr], SqlTerm]] = {
    exp.Paren: _paren,
    exp.Column: _column,
    exp.Placeholder: _placeholder,
    exp.Literal: _literal,
    exp.Neg: _negated,
    exp.Abs: _absolute,
    exp.Length: _length,
    exp.Add: _sum("+"),
    exp.Sub: _sum("-"),
    exp.Mul: _product,
    exp.Div: _divided,
    exp.Coalesce: _first_known,
}
