"""What must be reported of invented data, record by record, and what must not be and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self, get_args

from tanpuhui.conformance.verdict import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Fate = Literal["due", "link", "exclusion", "device", "rule", "not-ended", "late"]
DUE: Fate = "due"
FATES: tuple[Fate, ...] = get_args(Fate)


@dataclass(frozen=True, slots=True)
class Expected:
    """One record as it must be (without its id), or as it would be if it had not to be withheld."""

    activity_id: str
    label: Text
    fate: Fate
    record: Mapping[str, Any]

    @property
    def due(self) -> bool:
        """It must be reported."""
        return self.fate == DUE

    def as_mapping(self) -> dict[str, Any]:
        """As it stands in a transcript."""
        return {
            "activity_id": self.activity_id,
            "label": self.label.as_mapping(),
            "fate": self.fate,
            "record": dict(self.record),
        }

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of as_mapping."""
        return cls(data["activity_id"], Text.from_mapping(data["label"]), data["fate"], data["record"])


@dataclass(frozen=True, slots=True)
class World:
    """Links as the platform lists them, devices and activities as the business system holds them, and what follows."""

    links: tuple[Mapping[str, Any], ...] = ()
    activities: tuple[Mapping[str, Any], ...] = ()
    expected: tuple[Expected, ...] = ()
    devices: tuple[Mapping[str, Any], ...] = ()

    def __add__(self, other: World) -> World:
        return World(
            _joined("link_id", self.links, other.links),
            self.activities + other.activities,
            self.expected + other.expected,
            _renewed(self.devices, other.devices),
        )

    @property
    def due(self) -> tuple[Expected, ...]:
        """What must be reported."""
        return tuple(expected for expected in self.expected if expected.due)

    def as_mapping(self) -> dict[str, Any]:
        """As it stands in a transcript."""
        return {
            "links": [dict(link) for link in self.links],
            "activities": [dict(activity) for activity in self.activities],
            "expected": [expected.as_mapping() for expected in self.expected],
            "devices": [dict(device) for device in self.devices],
        }

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of as_mapping."""
        expected = tuple(Expected.from_mapping(item) for item in data["expected"])
        return cls(tuple(data["links"]), tuple(data["activities"]), expected, tuple(data["devices"]))


def joined(worlds: Iterable[World]) -> World:
    """Several worlds as one."""
    whole = World()
    for world in worlds:
        whole += world
    return whole


def _joined(
    key: str, ones: tuple[Mapping[str, Any], ...], others: tuple[Mapping[str, Any], ...]
) -> tuple[Mapping[str, Any], ...]:
    known = {one[key] for one in ones}
    return ones + tuple(other for other in others if other[key] not in known)


def _renewed(
    ones: tuple[Mapping[str, Any], ...], others: tuple[Mapping[str, Any], ...]
) -> tuple[Mapping[str, Any], ...]:
    """A device that the ledger names again is as it was named last."""
    return tuple({device["device_id"]: device for device in (*ones, *others)}.values())
