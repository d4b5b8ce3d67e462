"""The strict gate: a line is a record that matches the annex, or is told why not; engines would guess silently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tanpuhui.spec.strict_json import StrictJsonError, parse_json
from tanpuhui.spec.violation import violations

if TYPE_CHECKING:
    from tanpuhui.spec.limits import Limits
    from tanpuhui.spec.violation import Violation


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a line is no record; it never quotes the line."""

    code: str
    zh: str
    en: str


def scheme_of(line: bytes | None, limits: Limits) -> str | Refusal:
    """The scheme of the record that the line holds, or why it is refused."""
    if line is None:
        return Refusal(
            "line-invalid",
            f"该行超过 {limits.line_max_bytes} 字节（WRT-010）",
            f"the line is longer than {limits.line_max_bytes} bytes (WRT-010)",
        )
    try:
        record = parse_json(line, max_depth=limits.json_max_depth, max_string=limits.string_max_chars)
    except StrictJsonError as error:
        return Refusal("line-invalid", *_without_place(error))
    departures = violations(record)
    if not departures:
        return str(record["scheme"])
    first = departures[0]
    place = _known_place(first)
    return Refusal("schema-violation", f"{place} {first.zh}".strip(), f"{place} {first.en}".strip())


def _known_place(departure: Violation) -> str:
    """Names that the annex does not know are left out: a file may hold any number of them."""
    return departure.pointer.rpartition("/")[0] if departure.code == "unknown" else departure.pointer


def _without_place(error: StrictJsonError) -> tuple[str, str]:
    """The words alone, so that lines with the same flaw are counted together."""
    return error.zh.partition("（第 ")[0], error.en.partition(" (at byte ")[0]
