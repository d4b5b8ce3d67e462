"""Rows of NDJSON: one object a line, each value as the text that stands in the file, so that no digit is lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.exports.wart import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tanpuhui.reference_client.exports.text_file import TextFile


class _NotFlat(ValueError):
    """嵌套或成员重复 / A nested value or a repeated member."""


def ndjson_columns(file: TextFile) -> list[str]:
    """All members that occur, in the order of their first occurrence."""
    found: dict[str, None] = {}
    for _, cells in ndjson_rows(file, Tally()):
        if not cells.keys() <= found.keys():
            found |= dict.fromkeys(cells)
    return list(found)


def ndjson_rows(file: TextFile, tally: Tally) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The objects with the number of the line where each stands."""
    decode = json.JSONDecoder(
        object_pairs_hook=_cells, parse_float=str, parse_int=str, parse_constant=str
    ).decode
    with file.opened("\n") as text:
        for number, line in enumerate(text, start=1):
            if not line.strip():
                if line.endswith("\n"):
                    tally.add("blank-line", number)
                continue
            try:
                cells = decode(line)
            except (ValueError, RecursionError):
                cells = None
            if isinstance(cells, dict):
                yield number, cells
            else:
                tally.add("line-invalid", number)


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
