"""Values of the restricted grammar: SQL nodes to Python text that computes in exact decimals."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Context, Decimal, Inexact, getcontext
from functools import partial
from typing import TYPE_CHECKING

from sqlglot import exp

from tanpuhui.spec._expression_scope import NUMBERS, Kind, Scope, Term, guards_of

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMBER = re.compile(r"[0-9]{1,30}(\.[0-9]{1,30})?\Z")
QUOTIENT_PLACES = 12
_WIDE = Context(prec=200)
_SECONDS = {"SECOND": 1, "MINUTE": 60, "HOUR": 3600, "DAY": 86400}
_MONTHS = {"MONTH": 1, "YEAR": 12}


def value(scope: Scope, node: exp.Expr) -> Term:
    """The term of a value node; anything outside the grammar is refused."""
    maker = _MAKERS.get(type(node))
    if maker is None:
        raise scope.refuse(f"语法不含 {node.key}", f"{node.key} is not in the grammar")
    return maker(scope, node)


def number(scope: Scope, node: exp.Expr) -> Term:
    """The term of a node that has to be a number."""
    term = value(scope, node)
    if term.kind not in NUMBERS:
        raise scope.refuse(f"{term.kind} 不能参与算术", f"{term.kind} cannot take part in arithmetic")
    return term


def written(scope: Scope, literal: exp.Expr) -> Decimal | int | str:
    """The value that a literal writes."""
    text = str(literal.this)
    if literal.is_string:
        return text
    if not _NUMBER.match(text):
        raise scope.refuse("数应写成普通十进制", "a number is written as a plain decimal")
    return Decimal(text) if "." in text else int(text)


def quotient(a: Decimal, b: Decimal) -> Decimal:
    """The quotient cut to places that every engine computes alike; where exactness is demanded, exact or never."""
    if getcontext().traps[Inexact]:
        return a / b
    return _WIDE.scaleb(_WIDE.divide_int(_WIDE.scaleb(a, QUOTIENT_PLACES), b), -QUOTIENT_PLACES)


def interval_of(scope: Scope, interval: exp.Interval, sign: str) -> tuple[int, str]:
    """The signed count and the unit of a written interval."""
    unit = str(interval.args.get("unit") or "").upper()
    count = str(interval.this.this if interval.this else "")
    if sign not in "+-" or not re.fullmatch("[0-9]{1,6}", count) or unit not in {*_SECONDS, *_MONTHS}:
        raise scope.refuse("时间间隔不合语法", "this interval is not in the grammar")
    return int(sign + count), unit


def moves(kind: Kind, unit: str) -> bool:
    """Whether a value of this kind can be moved by this unit."""
    return unit in {"instant": {*_SECONDS}, "date": {"DAY", *_MONTHS}}.get(kind, set())


def shifted(text: str, *, months: int, days: int) -> str:
    """A date moved by whole months, kept inside the month that it reaches, and then by days."""
    start = date.fromisoformat(text)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return (date(year, month + 1, min(start.day, last)) + timedelta(days=days)).isoformat()


def _paren(scope: Scope, node: exp.Expr) -> Term:
    inner = value(scope, node.this)
    return Term(f"({inner.code})", inner.kind, inner.guards)


def _column(scope: Scope, node: exp.Expr) -> Term:
    scope.only(node, "this")
    return scope.column(node.name)


def _placeholder(scope: Scope, node: exp.Expr) -> Term:
    return scope.param(node.name)


def _literal(scope: Scope, node: exp.Expr) -> Term:
    return scope.constant(written(scope, node))


def _negated(scope: Scope, node: exp.Expr) -> Term:
    inner = number(scope, node.this)
    return Term(f"(-{inner.code})", inner.kind, inner.guards)


def _absolute(scope: Scope, node: exp.Expr) -> Term:
    inner = number(scope, node.this)
    return Term(f"abs({inner.code})", inner.kind, inner.guards)


def _length(scope: Scope, node: exp.Expr) -> Term:
    scope.only(node, "this")
    inner = value(scope, node.this)
    if inner.kind != "text":
        raise scope.refuse("LENGTH 只用于文本", "LENGTH takes a text")
    return Term(f"len({inner.code})", "integer", inner.guards)


def _arithmetic(sign: str) -> Callable[[Scope, exp.Expr], Term]:
    def made(scope: Scope, node: exp.Expr) -> Term:
        right = node.args["expression"]
        if isinstance(right, exp.Interval):
            return _moved(scope, node.this, right, sign)
        a, b = number(scope, node.this), number(scope, right)
        kind: Kind = "decimal" if "decimal" in {a.kind, b.kind} else "integer"
        return Term(f"({a.code} {sign} {b.code})", kind, guards_of(a, b))

    return made


def _divided(scope: Scope, node: exp.Expr) -> Term:
    scope.only(node, "this", "expression")
    a, b = number(scope, node.this), number(scope, node.args["expression"])
    exact, divided = scope.keep(Decimal), scope.keep(quotient)
    code = f"{divided}({exact}({a.code}), {exact}({b.code}))"
    return Term(code, "decimal", (*guards_of(a, b), f"{b.code} != 0"))


def _moved(scope: Scope, node: exp.Expr, interval: exp.Interval, sign: str) -> Term:
    term = value(scope, node)
    amount, unit = interval_of(scope, interval, sign)
    if not moves(term.kind, unit):
        raise scope.refuse(f"{term.kind} 不能按 {unit} 移动", f"{term.kind} cannot be moved by {unit}")
    if term.kind == "instant":
        span = scope.keep(timedelta(seconds=amount * _SECONDS[unit]))
        return Term(f"({term.code} + {span})", "instant", term.guards)
    days = amount if unit == "DAY" else 0
    move = scope.keep(partial(shifted, months=amount * _MONTHS.get(unit, 0), days=days))
    return Term(f"{move}({term.code})", "date", term.guards)


def _first_known(scope: Scope, node: exp.Expr) -> Term:
    terms = [value(scope, found) for found in (node.this, *node.expressions)]
    kinds = {term.kind for term in terms}
    if len(kinds) > 1 and not kinds <= NUMBERS:
        raise scope.refuse("COALESCE 的各项应同类", "the items of COALESCE shall be of one kind")
    result = terms[-1]
    for term in reversed(terms[:-1]):
        known = (f"(({term.known}) or ({result.known}))",) if result.guards else ()
        result = Term(f"({term.code} if {term.known} else {result.code})", result.kind, known)
    return Term(result.code, "decimal" if "decimal" in kinds else result.kind, result.guards)


_MAKERS: dict[type[exp.Expr], Callable[[Scope, exp.Expr], Term]] = {
    exp.Paren: _paren,
    exp.Column: _column,
    exp.Placeholder: _placeholder,
    exp.Literal: _literal,
    exp.Neg: _negated,
    exp.Abs: _absolute,
    exp.Length: _length,
    exp.Add: _arithmetic("+"),
    exp.Sub: _arithmetic("-"),
    exp.Mul: _arithmetic("*"),
    exp.Div: _divided,
    exp.Coalesce: _first_known,
}
