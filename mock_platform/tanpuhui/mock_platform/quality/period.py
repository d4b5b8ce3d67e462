"""The period of a report: a business day or a month, and when its report falls due."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal

from tanpuhui.spec.business_time import SHANGHAI

if TYPE_CHECKING:
    from tanpuhui.spec.limits import Times

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}\Z")
_ONE = timedelta(days=1)


class InvalidPeriod(ValueError):
    """报告期不合规定 / A text that is neither a day nor a month."""

    def __init__(self) -> None:
        super().__init__(
            "应为业务日（2026-03-01）或月份（2026-03）（QUA-003）"
            " / shall be a business day (2026-03-01) or a month (2026-03) (QUA-003)"
        )


@dataclass(frozen=True, slots=True)
class Period:
    """One business day, or one calendar month."""

    text: str
    kind: Literal["day", "month"]
    first: date
    last: date

    @classmethod
    def of(cls, text: str) -> Period:
        """The period that a text names."""
        try:
            if _DAY.match(text):
                day = date.fromisoformat(text)
                return cls(text, "day", day, day)
            if _MONTH.match(text):
                first = date.fromisoformat(f"{text}-01")
                following = (first + timedelta(days=31)).replace(day=1)
                return cls(text, "month", first, following - _ONE)
        except (ValueError, OverflowError):
            pass
        raise InvalidPeriod

    def due_at(self, times: Times) -> datetime:
        """When the report is run: at the advertised hour of the day after the period."""
        midnight = datetime.combine(self.last + _ONE, time(), SHANGHAI)
        return midnight + timedelta(hours=times.quality_report_hour)
