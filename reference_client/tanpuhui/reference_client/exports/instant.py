"""Times as exports write them; an instant comes out only where the text leaves no doubt (IND-003)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Literal, NamedTuple

from tanpuhui.reference_client.exports.number import is_missing, plain
from tanpuhui.reference_client.exports.refusal import Refusal
from tanpuhui.spec.business_time import SHANGHAI

if TYPE_CHECKING:
    from datetime import tzinfo

Writing = Literal["ISO 8601", "2026/3/9 8:05", "2026年3月9日 8时5分", "20260309080500", "UNIX"]
_FULL = re.compile(
    r"(?P<date>(?P<y>[0-9]{4})(?P<mark>[-/.年])(?P<m>[0-9]{1,2})(?:[-/.月])(?P<d>[0-9]{1,2})日?)"
    r"(?:[ T]*(?P<h>[0-9]{1,2})[:时点](?P<min>[0-9]{1,2})(?:分|:)?(?:(?P<s>[0-9]{1,2})秒?)?"
    r"(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r" ?(?P<offset>[Zz]|UTC|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_COMPACT = re.compile(
    r"(?P<y>20[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})[T ]?(?P<h>[0-9]{2})(?P<min>[0-9]{2})(?P<s>[0-9]{2})"
    r"(?P<offset>Z)?"
)
_USUAL = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{3}|\.[0-9]{6})?"
    r"(?P<offset>Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)
_UNIX = re.compile(r"(1[0-9]{9})([0-9]{3})?")
_DAY_OR_MONTH_FIRST = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}\b.*")
_MARKS: dict[str, Writing] = {
    "-": "ISO 8601",
    "/": "2026/3/9 8:05",
    ".": "2026/3/9 8:05",
    "年": "2026年3月9日 8时5分",
}
_NO_OFFSET = ("time-no-offset",)
_ONE_DAY = timedelta(days=1)
_MIDNIGHT_BEFORE = 24


class Moment(NamedTuple):
    """An instant in UTC, how it was written, and what had to be repaired."""

    at: datetime
    writing: Writing
    repairs: tuple[str, ...] = ()


def moment(text: str, zone: tzinfo | None, *, date_alone: bool = False) -> Moment | None:
    """The instant of a cell; wall-clock time is that of the zone named, else of Asia/Shanghai."""
    return _usual(text, zone) or _any(text, zone, date_alone=date_alone)


def _usual(text: str, zone: tzinfo | None) -> Moment | None:
    """The instant of a cell that is written as nearly all of them are; none where it needs a closer look."""
    found = _USUAL.fullmatch(text)
    if found is None:
        return None
    offset = found["offset"]
    try:
        at = datetime.fromisoformat(text)
        at = (at if offset else at.replace(tzinfo=zone or SHANGHAI)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Moment(at, "ISO 8601", () if offset or zone else _NO_OFFSET)


def _any(text: str, zone: tzinfo | None, *, date_alone: bool) -> Moment | None:
    given = plain(text)
    if is_missing(given):
        return None
    repairs = ["full-width"] if given != text.strip() else []
    if unix := _UNIX.fullmatch(given):
        at = datetime.fromtimestamp(int(unix[1]), UTC) + timedelta(milliseconds=int(unix[2] or 0))
        return Moment(at, "UNIX", tuple(repairs))
    found = _FULL.fullmatch(given) or _COMPACT.fullmatch(given)
    if found is None:
        raise Refusal("time-unclear" if _DAY_OR_MONTH_FIRST.fullmatch(given) else "time-invalid")
    parts = found.groupdict()
    if parts["h"] is None and not date_alone:
        raise Refusal("time-invalid")
    if parts["offset"] is None and zone is None:
        repairs.append("time-no-offset")
    if int(parts["h"] or 0) == _MIDNIGHT_BEFORE:
        repairs.append("hour-24")
    writing = _MARKS[parts["mark"]] if "mark" in parts else "20260309080500"
    return Moment(_instant(parts, zone or SHANGHAI), writing, tuple(repairs))


def _instant(parts: dict[str, str | None], zone: tzinfo) -> datetime:
    numbers = {name: int(parts.get(name) or 0) for name in ("y", "m", "d", "h", "min", "s")}
    next_day = numbers["h"] == _MIDNIGHT_BEFORE and not numbers["min"] and not numbers["s"]
    micros = (parts.get("fraction") or "")[:6].ljust(6, "0")
    try:
        wall = datetime(
            numbers["y"],
            numbers["m"],
            numbers["d"],
            0 if next_day else numbers["h"],
            numbers["min"],
            numbers["s"],
            int(micros),
            tzinfo=_zone(parts["offset"], zone),
        )
        return wall.astimezone(UTC) + (_ONE_DAY if next_day else timedelta())
    except (ValueError, OverflowError):
        raise Refusal("time-invalid") from None


def _zone(offset: str | None, zone: tzinfo) -> tzinfo:
    if offset is None:
        return zone
    if offset[0] not in "+-":
        return UTC
    digits = offset[1:].replace(":", "").ljust(4, "0")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-span if offset[0] == "-" else span)
