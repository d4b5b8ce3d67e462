"""Types and texts of SQL values: how many digits each number has is known before any engine computes it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tanpuhui.spec.expression import Kind

MOST_DIGITS = 38


@dataclass(frozen=True, slots=True)
class SqlType:
    """The kind of a value; for numbers also all digits and those behind the point, so that none is ever lost."""

    kind: Kind
    digits: int = 0
    scale: int = 0

    @property
    def whole(self) -> int:
        """The digits before the point."""
        return self.digits - self.scale


@dataclass(frozen=True, slots=True)
class SqlTerm:
    """SQL text of a value with its type; `written` is the text of a literal."""

    code: str
    type: SqlType
    written: str | None = None


TEXT = SqlType("text")
DATE = SqlType("date")
INSTANT = SqlType("instant")


def number_type(whole: int, scale: int) -> SqlType:
    """The type of numbers with so many digits before and behind the point."""
    return SqlType("decimal", max(whole + scale, 1), scale)


def type_of_value(value: Decimal | int) -> SqlType:
    """The narrowest type that holds a written number."""
    _, digits, exponent = Decimal(value).as_tuple()
    scale = max(-int(exponent), 0)
    return number_type(max(len(digits) + int(exponent), 0), scale)


def common_type(a: SqlType, b: SqlType) -> SqlType:
    """The type to which both can be brought without loss."""
    if a.kind in {"decimal", "integer"}:
        return number_type(max(a.whole, b.whole), max(a.scale, b.scale))
    return a
