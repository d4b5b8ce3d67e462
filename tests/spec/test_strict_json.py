"""JSON that two readers could read differently is refused, and no refusal repeats what it refuses."""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanpuhui.spec.problem import problem_types
from tanpuhui.spec.strict_json import StrictJsonError, canonical_json, dump_json, parse_json


def refusal(data: bytes, **limits: int) -> StrictJsonError:
    with pytest.raises(StrictJsonError) as refused:
        parse_json(data, **limits)
    assert refused.value.code in problem_types()
    return refused.value


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b' {"a": [1, -2, "\xe7\xa2\xb3", true, null]}\r\n', {"a": [1, -2, "碳", True, None]}),
        (b'"\\ud83d\\ude00"', "😀"),
        (b'"\\\\u0000"', "\\u0000"),
        (b"9007199254740991", 2**53 - 1),
        (b"-9007199254740991", 1 - 2**53),
        (b"-0", 0),
        (b"[]", []),
    ],
)
def test_strict_json_is_read_as_it_stands(data: bytes, value: object) -> None:
    assert parse_json(data) == value


def test_fractions_stay_exact() -> None:
    assert parse_json(b'{"q":0.1,"r":1E-3}') == {"q": Decimal("0.1"), "r": Decimal("0.001")}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"a":1,"a":1}', "duplicate members"),
        (b'{"a":[{"b":{},"\\u0062":1}]}', "duplicate members"),
        (b"[NaN]", "non-finite"),
        (b"[-Infinity]", "non-finite"),
        (b"Infinity", "non-finite"),
        (b"1e400", "out of range"),
        (b"-1e400", "out of range"),
        (b"1e-9999", "out of range"),
        (b"0e999999999", "out of range"),
        (b"0." + b"1" * 100, "too long"),
        (b"9007199254740992", "2\\^53"),
        (b"-9007199254740992", "2\\^53"),
        (b"1" * 5000, "2\\^53"),
        (b'"\\ud800"', "lone surrogate"),
        (b'{"\\udc00":1}', "lone surrogate"),
        (b'["\\ude00\\ud83d"]', "lone surrogate"),
        (b'"a\\u0000"', r"U\+0000"),
        (b'{"\\u0000":1}', r"U\+0000"),
    ],
)
def test_json_with_a_second_meaning_is_refused(data: bytes, words: str) -> None:
    error = refusal(data)
    assert (error.code, error.offset) == ("invalid-json", None)
    with pytest.raises(StrictJsonError, match=words):
        parse_json(data)


@pytest.mark.parametrize(
    ("data", "offset"),
    [
        (b"", 0),
        (b"\xef\xbb\xbf{}", 0),
        (b"\xff\xfe{\x00}\x00", 0),
        (b'{"a":"\xc0\xaf"}', 6),
        (b'{"a":"\xed\xa0\x80"}', 6),
        (b'"\xe7\xa2\xb3" x', 6),
        (b'{"a":1,}', 7),
        (b"{'a':1}", 1),
        (b"[1] [2]", 4),
        (b'"a\nb"', 2),
        (b'"\\x"', 1),
        (b"[01]", 2),
        (b"\x00", 0),
    ],
)
def test_a_syntax_error_is_placed_by_its_byte(data: bytes, offset: int) -> None:
    error = refusal(data)
    assert (error.code, error.offset) == ("invalid-json", offset)
    assert f"at byte {offset}" in str(error)


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}"), (b'[{"a":', b"}]")])
def test_nesting_is_limited_to_the_level(opening: bytes, closing: bytes) -> None:
    levels = 2 if opening.startswith(b"[{") else 1
    inner = b"[]" if levels == 1 else b"1"
    allowed = (32 - (levels == 1)) // levels
    assert parse_json(opening * allowed + inner + closing * allowed)
    deeper = opening * (allowed + 1) + inner + closing * (allowed + 1)
    assert refusal(deeper).code == "limit-exceeded"


@pytest.mark.parametrize("data", [b"[" * 100_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000])
def test_bottomless_nesting_is_refused_and_not_survived_by_luck(data: bytes) -> None:
    assert refusal(data).code == "limit-exceeded"


@pytest.mark.parametrize("data", [b'"abcdef"', b'["abcdef"]', b'{"abcdef":1}', b'{"a":{"b":["abcdef"]}}'])
def test_strings_and_names_are_limited_in_characters(data: bytes) -> None:
    assert parse_json(data, max_string=6)
    assert refusal(data, max_string=5).code == "limit-exceeded"
    assert parse_json('"碳普惠"'.encode(), max_string=3) == "碳普惠"


@pytest.mark.parametrize(
    "data",
    [b'{"13800138000":1,"13800138000":2}', b'"13800138000', b'["13800138000",NaN]', b'"13800138000\\ud800"'],
)
def test_a_refusal_never_quotes_the_content(data: bytes) -> None:
    assert "138" not in str(refusal(data))


def test_what_is_written_is_compact_utf8() -> None:
    assert dump_json({"b": ["碳", 1, True, None], "a": ()}) == '{"b":["碳",1,true,null],"a":[]}'.encode()


def test_the_canonical_spelling_does_not_depend_on_the_order_of_members() -> None:
    assert canonical_json({"b": 1, "a": {"d": 1, "c": 2}}) == b'{"a":{"c":2,"d":1},"b":1}'
    assert canonical_json({"a": {"c": 2, "d": 1}, "b": 1}) == canonical_json({"b": 1, "a": {"d": 1, "c": 2}})


@pytest.mark.parametrize(
    "value", [0.1, [1.0], {"a": {"b": [2.5]}}, Decimal(1), {"q": Decimal("0.1")}, {1, 2}, b"a"]
)
def test_quantities_are_never_written_as_numbers(value: object) -> None:
    with pytest.raises(TypeError, match="IND-001"):
        dump_json(value)
    with pytest.raises(TypeError, match="IND-001"):
        canonical_json(value)


def test_durations_may_be_fractions_where_the_caller_says_so() -> None:
    assert dump_json({"retry_first_seconds": 0.5}, fractions=True) == b'{"retry_first_seconds":0.5}'
    with pytest.raises(ValueError, match="JSON compliant"):
        dump_json(float("nan"), fractions=True)
    with pytest.raises(TypeError):
        dump_json(Decimal("0.5"), fractions=True)


SCALARS = st.none() | st.booleans() | st.integers(1 - 2**53, 2**53 - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
VALUES = st.recursive(
    SCALARS | TEXTS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=20
)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(VALUES)
def test_what_is_written_is_read_again(value: Any) -> None:
    assert parse_json(dump_json(value)) == value
    assert parse_json(canonical_json(value)) == value
    assert parse_json(json.dumps(value).encode()) == value


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.binary(max_size=40) | st.text(alphabet='[]{}",:\\u0d8eE+-.1 NaN', max_size=40).map(str.encode))
def test_bytes_are_read_or_refused_and_nothing_else(data: bytes) -> None:
    with suppress(StrictJsonError):
        assert parse_json(data) == json.loads(data, parse_float=Decimal)
