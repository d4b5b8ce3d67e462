"""The quick way with JSON never says anything else than the strict one: same value, same bytes, same refusal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tanpuhui.spec import strict_json
from tanpuhui.spec.plain_json import Doubt, plain_text, plain_value
from tanpuhui.spec.strict_json import StrictJsonError

DEPTH, LONGEST = 4, 8
NUMBERS = st.integers(-(2**70), 2**70) | st.floats() | st.sampled_from([2**53 - 1, 2**53, -(2**53), 2**64])
TEXTS = st.text(max_size=LONGEST + 1) | st.sampled_from(
    ['"', "\\", ":", ":a", 'a":', " :", "\ud800", "\0", "\x7f"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
SPACES = st.sampled_from(["", " ", "\t", "\n", "\r", "\u00a0"])
EVERY_CHARACTER = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x10000), 0x10000, 0x10FFFF]))


@st.composite
def texts_of_json(draw: st.DrawFn) -> bytes:
    """JSON as anybody may write it: spaces anywhere, escapes or none, members twice, and now and then a slip."""
    value = draw(VALUES)
    separators = (f"{draw(SPACES)},{draw(SPACES)}", f"{draw(SPACES)}:{draw(SPACES)}")
    text = json.dumps(value, ensure_ascii=draw(st.booleans()), separators=separators)
    if draw(st.booleans()):
        text = text.replace("}", ',"":0}', 1) if draw(st.booleans()) else text.replace('"', '"', 1)
    data = text.encode("utf-8", "surrogatepass")
    slip = draw(st.integers(0, max(len(data) * 4, 1)))
    return data if slip >= len(data) else data[:slip] + draw(st.binary(max_size=2)) + data[slip + 1 :]


def refused(data: bytes) -> Any:
    """What the strict way says: a value with its kind at every place, or the code of the refusal."""
    try:
        return repr(strict_json._parsed(data, DEPTH, LONGEST))
    except StrictJsonError as error:
        return error.code


@given(texts_of_json())
@example(b'{"a" :1,"a":2}')
@example(b'{"a":":x","a":1}')
@example(b'{"a":1,"a":1}')
@example(b'{"a":-0}')
@example(b'{"a":1e2}')
@example(b'{"a":12345678901234567890123}')
@example(b'\xef\xbb\xbf{"a":1}')
@example(b'{"a":"\xed\xa0\x80"}')
@example(b"[[[[[1]]]]]")
@example(b'{"123456789":1}')
@example(b'{"a":1}\x00')
@example(b"")
def test_what_the_quick_way_reads_the_strict_way_reads_alike(data: bytes) -> None:
    try:
        quick = plain_value(data, DEPTH, LONGEST)
    except Doubt:
        return
    assert repr(quick) == refused(data)


@given(VALUES, st.booleans())
@example({"b": 1, "a": [True, None, {"é": "x", "z": ""}]}, True)
@example(EVERY_CHARACTER, False)
@example(dict.fromkeys(EVERY_CHARACTER[:12288], 1), True)
@example({"a": (1, 2)}, False)
@example({1: 2}, False)
@example(2**63, False)
def test_what_the_quick_way_writes_the_strict_way_writes_alike(value: Any, sort_keys: bool) -> None:
    try:
        quick = plain_text(value, sort_keys=sort_keys)
    except Doubt:
        return
    assert quick == strict_json._spelt(value, fractions=False, sort_keys=sort_keys)


@pytest.mark.parametrize("data", [b'{"a":"b","c":[1,{"d":null}]}', b"[]", '{"名":"值"}'.encode()])
def test_plain_json_is_not_in_doubt(data: bytes) -> None:
    assert plain_text(plain_value(data, DEPTH, LONGEST), sort_keys=False) == data
