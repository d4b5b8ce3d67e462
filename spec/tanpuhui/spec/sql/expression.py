"""Restricted SQL of the law's rules and formulas, compiled to SQL of an engine with the closures' meaning.

Nothing written in the law reaches an engine as it stands: text is made from the accepted nodes alone, names
are known columns, and values are written by the compiler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.spec.expression import parsed
from tanpuhui.spec.sql.truth import truth
from tanpuhui.spec.sql.value import number

if TYPE_CHECKING:
    from tanpuhui.spec.sql.scope import SqlScope
    from tanpuhui.spec.sql.term import SqlTerm


def condition_sql(sql: str, scope: SqlScope) -> str:
    """The engine's text of a condition; NULL where the closure is neither true nor false."""
    return truth(scope, parsed(sql, scope.name))


def value_sql(sql: str, scope: SqlScope) -> SqlTerm:
    """The engine's text of a number with its type."""
    return number(scope, parsed(sql, scope.name))
