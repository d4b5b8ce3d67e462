"""Conditions of the restricted grammar as SQL text; NULL stays SQL's own third value."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from sqlglot import exp

from tanpuhui.spec._expression_scope import NUMBERS
from tanpuhui.spec._expression_truth import pattern_of
from tanpuhui.spec.sql.dialect import text_literal
from tanpuhui.spec.sql.term import DATE, SqlTerm, common_type
from tanpuhui.spec.sql.value import value

if TYPE_CHECKING:
    from collections.abc import Callable

    from tanpuhui.spec.sql.scope import SqlScope

_MOST_REPEATS = 255
_REPEATS = re.compile(r"\{([0-9]+)(?:,([0-9]*))?\}")
_COMPARISONS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
}


def truth(scope: SqlScope, node: exp.Expr) -> str:
    """SQL text of a condition; anything outside the grammar is refused."""
    maker = _MAKERS.get(type(node))
    if maker is None:
        raise scope.refuse(f"语法不含条件 {node.key}", f"{node.key} is no condition of the grammar")
    return maker(scope, node)


def _paren(scope: SqlScope, node: exp.Expr) -> str:
    return truth(scope, node.this)


def _not(scope: SqlScope, node: exp.Expr) -> str:
    return f"(NOT {truth(scope, node.this)})"


def _connected(scope: SqlScope, node: exp.Expr) -> str:
    word = "AND" if isinstance(node, exp.And) else "OR"
    return f"({truth(scope, node.this)} {word} {truth(scope, node.args['expression'])})"


def _boolean(_: SqlScope, node: exp.Expr) -> str:
    return "TRUE" if node.this else "FALSE"


def _is_null(scope: SqlScope, node: exp.Expr) -> str:
    if not isinstance(node.args["expression"], exp.Null):
        raise scope.refuse("IS 之后只能是 NULL", "only NULL may follow IS")
    return f"({value(scope, node.this).code} IS NULL)"


def _compared(scope: SqlScope, node: exp.Expr) -> str:
    a, b = value(scope, node.this), value(scope, node.args["expression"])
    return _comparison(scope, a, _COMPARISONS[type(node)], b)


def _between(scope: SqlScope, node: exp.Expr) -> str:
    scope.only(node, "this", "low", "high")
    middle = value(scope, node.this)
    low = _comparison(scope, middle, ">=", value(scope, node.args["low"]))
    return f"({low} AND {_comparison(scope, middle, '<=', value(scope, node.args['high']))})"


def _among(scope: SqlScope, node: exp.Expr) -> str:
    scope.only(node, "this", "expressions")
    if not node.expressions:
        raise scope.refuse("IN 之后应列出值", "IN needs a list of values")
    pairs = [_comparable(scope, value(scope, node.this), value(scope, item)) for item in node.expressions]
    if len({sought.code for sought, _ in pairs}) > 1:
        return "(" + " OR ".join(f"{sought.code} = {item.code}" for sought, item in pairs) + ")"
    return f"({pairs[0][0].code} IN ({', '.join(item.code for _, item in pairs)}))"


def _matched(scope: SqlScope, node: exp.Expr) -> str:
    scope.only(node, "this", "expression")
    text, pattern = value(scope, node.this), pattern_of(scope.law, node)
    if text.type.kind != "text":
        raise scope.refuse("REGEXP_LIKE 用于文本", "REGEXP_LIKE takes a text")
    counts = [int(count) for found in _REPEATS.findall(pattern) for count in found if count]
    if max(counts, default=0) > _MOST_REPEATS:
        raise scope.refuse(
            f"模式的次数至多 {_MOST_REPEATS}", f"a pattern repeats at most {_MOST_REPEATS} times"
        )
    return scope.dialect.matches(text.code, pattern)


def _comparison(scope: SqlScope, a: SqlTerm, sign: str, b: SqlTerm) -> str:
    a, b = _comparable(scope, a, b)
    left = scope.dialect.ordered(a.code) if a.type.kind == "text" else a.code
    return f"({left} {sign} {b.code})"


def _comparable(scope: SqlScope, a: SqlTerm, b: SqlTerm) -> tuple[SqlTerm, SqlTerm]:
    kinds = {a.type.kind, b.type.kind}
    if kinds == {"date", "text"}:
        return _as_date(scope, a), _as_date(scope, b)
    if len(kinds) > 1 and not kinds <= NUMBERS:
        zh, en = " 与 ".join(sorted(kinds)), " and ".join(sorted(kinds))
        raise scope.refuse(f"{zh} 不可比", f"{en} cannot be compared")
    scope.require_digits(common_type(a.type, b.type).digits)
    return a, b


def _as_date(scope: SqlScope, term: SqlTerm) -> SqlTerm:
    if term.type == DATE:
        return term
    try:
        if term.written is not None and date.fromisoformat(term.written).isoformat() == term.written:
            return SqlTerm(f"DATE {text_literal(term.written)}", DATE)
    except ValueError:
        pass
    raise scope.refuse("日期只能与写定的日期相比", "a date is compared with a written date")


_MAKERS: dict[type[exp.Expr], Callable[[SqlScope, exp.Expr], str]] = {
    exp.Paren: _paren,
    exp.Not: _not,
    exp.And: _connected,
    exp.Or: _connected,
    exp.Boolean: _boolean,
    exp.Is: _is_null,
    exp.Between: _between,
    exp.In: _among,
    exp.RegexpLike: _matched,
    **dict.fromkeys(_COMPARISONS, _compared),
}
