"""Quantities travel as decimal strings, are computed exactly and only ever rounded down (ACC-002)."""

from __future__ import annotations

import re
from decimal import ROUND_DOWN, Context, Decimal
from functools import cache

DECIMAL_PATTERN = r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$"

_DECIMAL = re.compile(DECIMAL_PATTERN.removeprefix("^").removesuffix("$"))
_EXACT = Context(prec=200, rounding=ROUND_DOWN)


class InvalidQuantity(ValueError):
    """量值不合规定 / A text that is no decimal of at most 15 and 6 places."""

    def __init__(self) -> None:
        super().__init__(
            "量值应为十进制字符串，整数至多 15 位、小数至多 6 位（IND-001）"
            " / a quantity shall be a decimal string of at most 15 digits and 6 places (IND-001)"
        )


def parse_decimal(text: str) -> Decimal:
    """The exact value of a quantity's text."""
    if not isinstance(text, str) or _DECIMAL.fullmatch(text) is None:
        raise InvalidQuantity
    return Decimal(text)


@cache
def _last_place(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def decimal_text(value: Decimal, places: int) -> str:
    """The text of a value with fixed places, rounded down toward zero; zero bears no sign."""
    if not value.is_finite():
        raise InvalidQuantity
    rounded = value.quantize(_last_place(places), context=_EXACT)
    return f"{rounded.copy_abs() if rounded.is_zero() else rounded:f}"
