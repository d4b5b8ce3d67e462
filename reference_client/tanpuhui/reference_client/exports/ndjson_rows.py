"""Rows of NDJSON: one object a line, each value as the text that stands in the file, so that no digit is lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from tanpuhui.reference_client.exports.text_file import TextFile
    from tanpuhui.reference_client.exports.wart import Tally


class _NotFlat(ValueError):
    """嵌套或成员重复 / A nested value or a repeated member."""


def ndjson_columns(file: TextFile) -> list[str]:
    """All members that occur, in the order of their first occurrence."""
    found: dict[str, None] = {}
    with file.opened("\n") as text:
        for line in text:
            if not _holds_only(line, found):
                found |= dict.fromkeys(_decoded(line) or ())
    return list(found)


def ndjson_rows(file: TextFile, tally: Tally) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The objects with the number of the line where each stands."""
    with file.opened("\n") as text:
        for number, line in enumerate(text, start=1):
            if not line.strip():
                if line.endswith("\n"):
                    tally.add("blank-line", number)
                continue
            cells = _decoded(line)
            if cells is None:
                tally.add("line-invalid", number)
            else:
                yield number, cells


def _holds_only(line: str, known: Container[str]) -> bool:
    """Whether a line is an object whose members are all known; the quick way, which may err on the other side."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return isinstance(value, dict) and all(name in known for name in value)


def _decoded(line: str) -> dict[str, str] | None:
    """The cells of an object; none where the line is no flat object."""
    try:
        cells = _DECODER.decode(line)
    except (ValueError, RecursionError):
        return None
    return cells if isinstance(cells, dict) else None


def _cells(pairs: list[tuple[str, Any]]) -> dict[str, str]:
    found = {name.strip(): _text(value) for name, value in pairs}
    if len(found) != len(pairs):
        raise _NotFlat
    return found


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        raise _NotFlat
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value).strip()


_DECODER = json.JSONDecoder(object_pairs_hook=_cells, parse_float=str, parse_int=str, parse_constant=str)
