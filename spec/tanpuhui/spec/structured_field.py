"""Structured Fields (RFC 9651) read strictly: a repeated key is refused instead of the last winning."""

from __future__ import annotations

from typing import Any, TypeAlias, cast

import http_sf

Member: TypeAlias = tuple[Any, dict[str, Any]]


class MalformedField(ValueError):
    """字段格式不对 / A field that is no Structured Field of the kind laid down."""

    def __init__(self) -> None:
        super().__init__(
            "字段不是规定的结构化字段（RFC 9651）"
            " / the field is not the Structured Field laid down (RFC 9651)"
        )


def parse_dictionary(text: str) -> dict[str, Member]:
    """The members of a Dictionary by key, each with its parameters."""
    repeated: list[str] = []
    members = _parsed(text, "dictionary", repeated)
    if repeated:
        raise MalformedField
    return cast("dict[str, Member]", members)


def parse_item(text: str) -> Member:
    """The value of an Item with its parameters."""
    return cast("Member", _parsed(text, "item", []))


def string_value(text: str) -> str | None:
    """The text of a String item without parameters, such as an Idempotency-Key; None for anything else."""
    try:
        value, parameters = parse_item(text)
    except MalformedField:
        return None
    return value if isinstance(value, str) and not parameters else None


def _parsed(text: str, kind: str, repeated: list[str]) -> object:
    try:
        return http_sf.parse(
            text.encode("ascii"), tltype=kind, on_duplicate_key=lambda key, _: repeated.append(key)
        )
    except ValueError:
        raise MalformedField from None
