"""A record as one row of typed columns, the form in which rules and formulas read it."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tanpuhui.spec.business_time import SHANGHAI
from tanpuhui.spec.element import envelope, schemes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.spec.element import Element
    from tanpuhui.spec.expression import Kind

_MICROSECOND = timedelta(microseconds=1)
_INSTANTS = ("activity_start", "activity_end")
_DERIVED: Mapping[str, Kind] = MappingProxyType(
    {
        "start_at": "instant",
        "end_at": "instant",
        "received_at": "instant",
        "start_day": "date",
        "start_clock": "text",
        "start_day_of_month": "integer",
        "end_day": "date",
        "end_clock": "text",
        "duration_seconds": "decimal",
        "age_seconds": "decimal",
    }
)


@cache
def record_columns(scheme: str | None = None) -> Mapping[str, Kind]:
    """The columns of a scheme's records; without a scheme, those that every record has.

    Derived: Shanghai day and time of day of start and end, the start's day of the month, seconds from start
    to end, and from end to receipt.
    """
    activity = schemes()[scheme].elements if scheme else ()
    elements = [element for element in (*envelope(), *activity) if element.id not in _INSTANTS]
    return MappingProxyType({**{element.id: _kind(element) for element in elements}, **_DERIVED})


def record_row(record: Mapping[str, Any], *, received_at: datetime | None = None) -> dict[str, Any]:
    """The row of a record that matches its schema."""
    row = {**record, **activity_row(record)}
    del row["activity"]
    for name in _decimals(None):
        row[name] = Decimal(row[name])
    start, row["start_day"], row["start_clock"], row["start_day_of_month"] = _shown(record["activity_start"])
    end, row["end_day"], row["end_clock"], _ = _shown(record["activity_end"])
    row["start_at"], row["end_at"], row["received_at"] = start, end, received_at
    row["duration_seconds"] = _seconds(end - start)
    row["age_seconds"] = None if received_at is None else _seconds(received_at - end)
    return row


@lru_cache(maxsize=4096)
def _shown(text: str) -> tuple[datetime, str, str, int]:
    """An instant and its Shanghai day, time of day and day of the month; many records share theirs."""
    instant = datetime.fromisoformat(text)
    local = instant.astimezone(SHANGHAI)
    return instant, local.date().isoformat(), local.time().isoformat(), local.day


def activity_row(record: Mapping[str, Any]) -> dict[str, Any]:
    """The activity's members alone, which is all that a formula reads."""
    row = dict(record["activity"])
    for name in _decimals(record["scheme"]):
        if name in row:
            row[name] = Decimal(row[name])
    return row


@cache
def _decimals(scheme: str | None) -> tuple[str, ...]:
    elements = schemes()[scheme].elements if scheme else envelope()
    return tuple(element.id for element in elements if element.type == "decimal")


def _kind(element: Element) -> Kind:
    kinds: dict[str, Kind] = {"decimal": "decimal", "integer": "integer", "date": "date"}
    return kinds.get(element.type, "text")


def _seconds(span: timedelta) -> Decimal:
    return Decimal(span // _MICROSECOND).scaleb(-6)
