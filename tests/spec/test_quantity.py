"""Quantities are exact decimals and are only ever rounded down."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanpuhui.spec.quantity import InvalidQuantity, decimal_text, parse_decimal


@pytest.mark.parametrize("text", ["0", "-0", "6.000", "-1.5", "007", "999999999999999.999999"])
def test_a_decimal_string_has_its_exact_value(text: str) -> None:
    assert parse_decimal(text) == Decimal(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        ".5",
        "5.",
        "+5",
        "1e3",
        "1E3",
        "NaN",
        "Infinity",
        "0x1",
        "1_000",
        "1,5",
        " 1",
        "1\n",
        "１",
        "--1",
        "1000000000000000",
        "0.1234567",
        "1.2.3",
    ],
)
def test_any_other_spelling_is_refused(text: str) -> None:
    with pytest.raises(InvalidQuantity, match="IND-001"):
        parse_decimal(text)


@pytest.mark.parametrize("value", [None, 1, 1.5, Decimal(1), b"1"])
def test_a_number_is_no_decimal_string(value: object) -> None:
    with pytest.raises(InvalidQuantity):
        parse_decimal(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        ("9.8515209", 6, "9.851520"),
        ("0.9999999", 6, "0.999999"),
        ("-0.9999999", 6, "-0.999999"),
        ("-0.0000001", 6, "0.000000"),
        ("1E+3", 3, "1000.000"),
        ("1E-30", 3, "0.000"),
        ("123.9", 0, "123"),
        ("0", 6, "0.000000"),
    ],
)
def test_a_value_is_rounded_toward_zero_to_fixed_places(value: str, places: int, text: str) -> None:
    assert decimal_text(Decimal(value), places) == text


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_a_value_that_is_not_finite_has_no_text(value: str) -> None:
    with pytest.raises(InvalidQuantity):
        decimal_text(Decimal(value), 6)


def test_the_surrounding_precision_plays_no_part() -> None:
    with localcontext(prec=3):
        assert decimal_text(Decimal("123456789.1234567"), 6) == "123456789.123456"


@settings(max_examples=200, derandomize=True)
@given(st.decimals(-(10**15) + 1, 10**15 - 1, allow_nan=False), st.integers(0, 6))
def test_the_text_is_the_nearest_one_toward_zero(value: Decimal, places: int) -> None:
    written = parse_decimal(decimal_text(value, places))
    with localcontext(prec=400):
        assert 0 <= abs(value) - abs(written) < Decimal(1).scaleb(-places)
