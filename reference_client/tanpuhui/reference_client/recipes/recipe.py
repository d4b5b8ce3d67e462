"""How an activity of the business system becomes records: what all schemes have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from tanpuhui.spec.accounting import account, accounts_text
from tanpuhui.spec.business_time import business_day, instant_text
from tanpuhui.spec.element import schemes
from tanpuhui.spec.methodology import effective

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from tanpuhui.spec.methodology import Methodology, ParameterSet

NORMAL = "N"


@dataclass(frozen=True, slots=True)
class Part:
    """What one record will tell of: the whole activity, or one business day of a series."""

    name: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Measured:
    """What the business system knows of a part, in the units of the law."""

    device_state: str
    data_source: str
    members: Mapping[str, Any]


P = TypeVar("P", bound=Part)


class Recipe(ABC, Generic[P]):
    """One scheme's way from raw data to records; each method is one ingredient."""

    scheme: ClassVar[str]

    @abstractmethod
    def parts(self, activity: Mapping[str, Any]) -> Sequence[P]:
        """What the activity is reported in (WRT-007)."""

    @abstractmethod
    def measured(self, activity: Mapping[str, Any], part: P) -> Measured:
        """Quantities in the units that the indicators lay down (IND-002, IND-005)."""

    def record(self, activity: Mapping[str, Any], part: P, record_id: str) -> dict[str, Any]:
        """The whole record, accounted by the methodology in force at its start (ACC-001, ACC-002)."""
        methodology, parameters = self.methodology(part)
        measured = self.measured(activity, part)
        record = {
            "record_id": record_id,
            "scheme": self.scheme,
            "methodology": methodology.code,
            "methodology_version": methodology.version,
            "parameter_set": parameters.id,
            "link_id": self.user(activity),
            "district_code": activity["district_code"],
            "granularity": schemes()[self.scheme].granularity,
            "business_day": self.business_day(part).isoformat(),
            "activity_start": self.instant(part.start),
            "activity_end": self.instant(part.end),
            "device_id": activity["device_id"],
            "device_state": measured.device_state,
            "data_source": measured.data_source,
            "activity": dict(measured.members),
        }
        return record | self.accounts(record)

    def user(self, activity: Mapping[str, Any]) -> str:
        """The only thing that names the user (LNK-002)."""
        return str(activity["link_id"])

    def business_day(self, part: P) -> date:
        """The Asia/Shanghai day in which the part started (IND-004)."""
        return business_day(part.start)

    def instant(self, at: datetime) -> str:
        """The same instant as in the business system, with its offset (IND-003)."""
        return instant_text(at)

    def methodology(self, part: P) -> tuple[Methodology, ParameterSet]:
        """What was in force when the part started (ACC-001)."""
        return effective(self.scheme, part.start)

    def accounts(self, record: Mapping[str, Any]) -> dict[str, str]:
        """Baseline, emission and reduction, rounded down in the last step only (ACC-002, DEV-002)."""
        return accounts_text(account(record))
