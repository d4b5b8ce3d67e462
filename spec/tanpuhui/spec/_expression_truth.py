"""Truth in three values: the Python text that says where a SQL condition IS TRUE, or where it IS FALSE."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from sqlglot import exp

from tanpuhui.spec._expression_scope import NUMBERS, Scope, Term, guards_of
from tanpuhui.spec._expression_value import value

if TYPE_CHECKING:
    from collections.abc import Callable

_COMPARISONS: dict[type[exp.Expr], str] = {
    exp.EQ: "==",
    exp.NEQ: "!=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
}
# Only what every engine reads alike: literal characters, bracket classes, groups, plain quantifiers.
_ATOM = r"(?:[^\\\[\]().^$|?*+{}]|\\[^0-9A-Za-z]|\[\^?(?:[^\\\[\]]|\\[^0-9A-Za-z])+\]|\((?!\?)|\)|\|)"
_COUNT = r"(?:(?:[*+?]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\})(?![*+?{]))?"
_PATTERN = re.compile(rf"\^?(?:{_ATOM}{_COUNT})*\$?")


def truth(scope: Scope, node: exp.Expr, *, wanted: bool) -> str:
    """Python text that is true exactly where the condition has the wanted truth value."""
    maker = _MAKERS.get(type(node))
    if maker is None:
        raise scope.refuse(f"语法不含条件 {node.key}", f"{node.key} is no condition of the grammar")
    return maker(scope, node, wanted)


def _paren(scope: Scope, node: exp.Expr, wanted: bool) -> str:  # noqa: FBT001
    return truth(scope, node.this, wanted=wanted)


def _not(scope: Scope, node: exp.Expr, wanted: bool) -> str:  # noqa: FBT001
    return truth(scope, node.this, wanted=not wanted)


def _connected(scope: Scope, node: exp.Expr, wanted: bool) -> str:  # noqa: FBT001
    both = isinstance(node, exp.And) == wanted
    left = truth(scope, node.this, wanted=wanted)
    right = truth(scope, node.args["expression"], wanted=wanted)
    return f"({left} {'and' if both else 'or'} {right})"


def _boolean(_: Scope, node: exp.Expr, wanted: bool) -> str:  # noqa: FBT001
    return repr(bool(node.this) == wanted)


def _is_null(scope: Scope, node: exp.Expr, wanted: bool) -> str:  # noqa: FBT001
    if not isinstance(node.args["expression"], exp.Null):
        raise scope.refuse("IS 之后只能是 NULL", "only NULL may follow IS")
    known = value(scope, node.this).known
    return f"(not ({known}))" if wanted else f"({known})"


def _compared(scope: Scope, node: exp.Expr, wanted: bool) -> str:  # noqa: FBT001
    a, b = value(scope, node.this), value(scope, node.args["expression"])
    return _comparison(scope, a, _COMPARISONS[type(node)], b, wanted=wanted)


def _between(scope: Scope, node: exp.Expr, wanted: bool) -> str:  # noqa: FBT001
    scope.only(node, "this", "low", "high")
    middle = value(scope, node.this)
    low = _comparison(scope, middle, ">=", value(scope, node.args["low"]), wanted=wanted)
    high = _comparison(scope, middle, "<=", value(scope, node.args["high"]), wanted=wanted)
    return f"({low} {'and' if wanted else 'or'} {high})"


def _among(scope: Scope, node: exp.Expr, wanted: bool) -> str:  # noqa: FBT001
    scope.only(node, "this", "expressions")
    if not node.expressions:
        raise scope.refuse("IN 之后应列出值", "IN needs a list of values")
    sought = value(scope, node.this)
    parts = [_comparison(scope, sought, "==", value(scope, item), wanted=wanted) for item in node.expressions]
    return "(" + (" or " if wanted else " and ").join(parts) + ")"


def _matched(scope: Scope, node: exp.Expr, wanted: bool) -> str:  # noqa: FBT001
    scope.only(node, "this", "expression")
    text, pattern = value(scope, node.this), pattern_of(scope, node)
    if text.kind != "text":
        raise scope.refuse("REGEXP_LIKE 用于文本", "REGEXP_LIKE takes a text")
    ends = pattern.endswith("$") and not pattern.endswith(r"\$")
    search = scope.keep(re.compile(pattern[:-1] + r"\Z" if ends else pattern, re.ASCII).search)
    return _guarded((text,), f"{search}({text.code}) is not None", wanted=wanted)


def pattern_of(scope: Scope, node: exp.Expr) -> str:
    """The written pattern of REGEXP_LIKE, in the part that every engine reads alike."""
    pattern = node.args["expression"]
    if not pattern.is_string:
        raise scope.refuse("REGEXP_LIKE 用于写定的模式", "REGEXP_LIKE takes a written pattern")
    text = str(pattern.this)
    if _PATTERN.fullmatch(text) is None:
        raise scope.refuse(
            "模式只能用方括号类等通用写法", "a pattern uses bracket classes and plain quantifiers only"
        )
    try:
        re.compile(text, re.ASCII)
    except re.error:
        raise scope.refuse("模式不合语法", "the pattern is malformed") from None
    return text


def _comparison(scope: Scope, a: Term, sign: str, b: Term, *, wanted: bool) -> str:
    kinds = {a.kind, b.kind}
    if kinds == {"date", "text"}:
        _require_date(scope, a if a.kind == "text" else b)
    elif len(kinds) > 1 and not kinds <= NUMBERS:
        raise scope.refuse(f"{a.kind} 与 {b.kind} 不可比", f"{a.kind} and {b.kind} cannot be compared")
    return _guarded((a, b), f"{a.code} {sign} {b.code}", wanted=wanted)


def _require_date(scope: Scope, term: Term) -> None:
    try:
        written = repr(date.fromisoformat(term.code.strip("'")).isoformat())
    except ValueError:
        written = None
    if written != term.code:
        raise scope.refuse("日期只能与写定的日期相比", "a date is compared with a written date")


def _guarded(terms: tuple[Term, ...], code: str, *, wanted: bool) -> str:
    return "(" + " and ".join([*guards_of(*terms), code if wanted else f"not ({code})"]) + ")"


_MAKERS: dict[type[exp.Expr], Callable[[Scope, exp.Expr, bool], str]] = {
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
