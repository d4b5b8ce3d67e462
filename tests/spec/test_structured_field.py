"""Structured Fields are read so that no second value can hide behind the first."""

from __future__ import annotations

import pytest

from tanpuhui.spec.structured_field import MalformedField, parse_dictionary, parse_item, string_value


def test_a_dictionary_gives_values_with_their_parameters() -> None:
    assert parse_dictionary('a=1;x="y", b=("c";req);created=5') == {
        "a": (1, {"x": "y"}),
        "b": ([("c", {"req": True})], {"created": 5}),
    }
    assert parse_item('"content-digest";req') == ("content-digest", {"req": True})


@pytest.mark.parametrize("text", ["a=1, a=2", "a=", "A=1", "a=1,", "碳=1", 'a="'])
def test_a_malformed_dictionary_is_refused_and_so_is_a_repeated_key(text: str) -> None:
    with pytest.raises(MalformedField, match="RFC 9651"):
        parse_dictionary(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"0199c4a2-7d1e"', "0199c4a2-7d1e"),
        ('" "', " "),
        ("0199c4a2-7d1e", None),
        ("token", None),
        ('"a";b', None),
        ('"a", "b"', None),
        (":YQ==:", None),
        ("", None),
        ('"碳"', None),
    ],
)
def test_an_idempotency_key_is_a_quoted_string_and_nothing_else(text: str, value: str | None) -> None:
    assert string_value(text) == value
