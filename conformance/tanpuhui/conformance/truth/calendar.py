"""Shanghai days as scenes use them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from tanpuhui.spec.business_time import SHANGHAI

_EAST_EIGHT = timezone(timedelta(hours=8))


def shanghai_day(instant: datetime) -> date:
    """The day, eight hours east, in which an instant lies."""
    return instant.astimezone(_EAST_EIGHT).date()


def month_before(first: date) -> date:
    """The first day of the month before."""
    return (first - timedelta(days=1)).replace(day=1)


def month_after(first: date) -> date:
    """The first day of the month after."""
    return (first + timedelta(days=31)).replace(day=1)


def midnight_of(day: date) -> datetime:
    """The begin of a Shanghai day."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def noon(day: date) -> datetime:
    """Noon of a Shanghai day."""
    return midnight_of(day) + timedelta(hours=12)
