"""Instants and business days: all sides count days in Asia/Shanghai and write time as RFC 3339."""

from __future__ import annotations

import re
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

_RFC3339 = re.compile(
    r"(?P<base>[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2})"
    r"(?:\.(?P<fraction>[0-9]{1,9}))?(?P<offset>[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_LONGEST = 35
_DAY = timedelta(days=1)
_EDGES = frozenset({MINYEAR, MAXYEAR})
"""Years in which an instant may lie beyond the calendar in another zone."""


class InvalidInstant(ValueError):
    """时刻不合规定 / A text that is no RFC 3339 instant with an offset."""

    def __init__(self) -> None:
        super().__init__(
            "时刻应为带时区偏移的 RFC 3339 文本，如 2026-03-01T08:00:00+08:00（IND-003）"
            " / a time shall be RFC 3339 with an offset, such as 2026-03-01T08:00:00+08:00 (IND-003)"
        )


def parse_instant(text: str) -> datetime:
    """The instant that an RFC 3339 text names; finer parts than microseconds are cut off."""
    found = _RFC3339.fullmatch(text) if isinstance(text, str) and len(text) <= _LONGEST else None
    if found is None:
        raise InvalidInstant
    fraction = found["fraction"]
    if fraction is not None:
        text = f"{found['base']}.{fraction[:6].ljust(6, '0')}{found['offset']}"
    try:
        instant = datetime.fromisoformat(text.upper())
        if instant.year in _EDGES:
            instant.astimezone(UTC).astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        raise InvalidInstant from None
    return instant


def instant_text(instant: datetime) -> str:
    """The instant as Shanghai time with its offset, to the second or, where it has more, the microsecond."""
    _require_offset(instant)
    return instant.astimezone(SHANGHAI).isoformat()


def business_day(instant: datetime) -> date:
    """The Asia/Shanghai day that an instant belongs to (IND-004)."""
    _require_offset(instant)
    return instant.astimezone(SHANGHAI).date()


def day_span(day: date) -> tuple[datetime, datetime]:
    """The instants at which a business day begins and ends."""
    start = datetime.combine(day, time(), SHANGHAI)
    return start, start + _DAY


def month_span(first: date) -> tuple[datetime, datetime]:
    """The instants at which a calendar month begins and ends in Asia/Shanghai, by any day of it."""
    start = datetime(first.year, first.month, 1, tzinfo=SHANGHAI)
    return start, (start + 31 * _DAY).replace(day=1)


def _require_offset(instant: datetime) -> None:
    if instant.utcoffset() is None:
        raise InvalidInstant
