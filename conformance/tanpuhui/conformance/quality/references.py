"""References beside the records: the links and calibrations in force, one JSON object a line."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.quality.lines import lines_of
from tanpuhui.conformance.trouble import Trouble
from tanpuhui.spec.business_time import InvalidInstant, parse_instant
from tanpuhui.spec.limits import default_limits
from tanpuhui.spec.set_kind import REFERENCE_COLUMNS
from tanpuhui.spec.strict_json import StrictJsonError, parse_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tanpuhui.spec.sql.duck import DuckSession


def lay_references(session: DuckSession, references: Mapping[str, Path]) -> None:
    """Lay out each reference that is named; members beyond the law's columns are left aside."""
    for name, path in references.items():
        lines = enumerate(lines_of(path, default_limits().line_max_bytes), start=1)
        session.lay_reference(name, (_row(name, path, number, line) for number, line in lines))


def _row(name: str, path: Path, number: int, line: bytes | None) -> list[Any]:
    kinds = REFERENCE_COLUMNS[name]
    try:
        members = parse_json(line or b"")
        return [_value(members.get(column), kind, column) for column, kind in kinds.items()]
    except (StrictJsonError, InvalidInstant, AttributeError, TypeError):
        listed = "、".join(kinds)
        raise Trouble(
            f"{path.name} 第 {number} 行不是参照数据",
            f"line {number} of {path.name} is no reference row",
            f"每行一个 JSON 对象，成员为 {listed}；时刻带时区偏移",
            f"one JSON object a line with {', '.join(kinds)}; times with an offset",
        ) from None


def _value(given: Any, kind: str, column: str) -> Any:
    """Only an end may be open."""
    if kind == "instant":
        open_end = given is None and column == "valid_to"
        return None if open_end else parse_instant(given).astimezone(UTC).replace(tzinfo=None)
    if not isinstance(given, str):
        raise TypeError
    return given
