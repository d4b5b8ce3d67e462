"""A single trip, whatever carries it: what metro, bus and bicycle have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from tanpuhui.conformance.chance import token
from tanpuhui.conformance.truth.devices import InventedDevice, invent_device
from tanpuhui.conformance.truth.record import DISTRICT, Facts
from tanpuhui.conformance.verdict import Text

if TYPE_CHECKING:
    from random import Random

    from tanpuhui.conformance.truth.links import InventedLink
    from tanpuhui.conformance.truth.record import Horizon


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip(ABC):
    """One trip as a business system holds it, and the one record that it must become."""

    scheme: ClassVar[str]

    activity_id: str
    label: Text
    link: InventedLink
    device: InventedDevice
    start: datetime
    took_s: int
    district_code: str = DISTRICT

    @property
    def end(self) -> datetime:
        """So many seconds later."""
        return self.start + timedelta(seconds=self.took_s)

    @abstractmethod
    def raw(self) -> dict[str, Any]:
        """The members that only this scheme's activities have."""

    @abstractmethod
    def quantities(self) -> dict[str, Any]:
        """The activity of the record."""

    def held(self) -> dict[str, Any]:
        """As the business system holds it."""
        return {
            "activity_id": self.activity_id,
            "scheme": self.scheme,
            "link_id": self.link.link_id,
            "district_code": self.district_code,
            "device_id": self.device.device_id,
            **self.raw(),
        }

    def facts(self) -> tuple[Facts, ...]:
        """The one record that the trip must become."""
        return (
            Facts(
                self.activity_id,
                self.label,
                self.scheme,
                self.link,
                self.device,
                "N",
                self.start,
                self.end,
                self.quantities(),
                self.district_code,
            ),
        )


T = TypeVar("T", bound=Trip)


class Trips(ABC, Generic[T]):
    """Invents trips of one scheme one by one; each gets ids of its own."""

    scheme: ClassVar[str]

    def __init__(self, rng: Random, horizon: Horizon) -> None:
        self.rng, self.horizon = rng, horizon

    @abstractmethod
    def of_length(
        self, label: str, link: InventedLink, start: datetime, seconds: int = 0, metres: int | None = None
    ) -> T:
        """A trip of that length; without other word of a usual one."""

    def trip(
        self,
        label: str,
        link: InventedLink,
        start: datetime,
        seconds: int = 0,
        *,
        district: str | None = None,
    ) -> T:
        """A trip; without other word of a usual length and speed, and inside the city."""
        return replace(self.of_length(label, link, start, seconds), district_code=district or DISTRICT)

    def begun(self, label: str, link: InventedLink, start: datetime) -> dict[str, Any]:
        """What every trip begins with."""
        return {
            "activity_id": f"act-{self.scheme.lower()}-{token(self.rng, 10)}",
            "label": Text.both(label),
            "link": link,
            "device": invent_device(self.rng, self.scheme, self.horizon.now),
            "start": start,
        }
