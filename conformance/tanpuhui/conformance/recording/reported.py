"""Records that were sent, each beside the invented activity that it must stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tanpuhui.spec.business_time import InvalidInstant, parse_instant

if TYPE_CHECKING:
    from datetime import datetime

    from tanpuhui.conformance.recording.submission import Sent
    from tanpuhui.conformance.truth.expected import Expected, World


@dataclass(frozen=True, slots=True)
class Reported:
    """A sent record and what it stands for; None where the business system holds nothing of the kind."""

    sent: Sent
    expected: Expected | None


def reported_in(sent: Iterable[Sent], world: World) -> tuple[Reported, ...]:
    """Every sent record beside its expectation, in the order of sending."""
    return tuple(Reported(one, _match(one.record, world)) for one in sent)


def unreported(world: World, reported: Iterable[Reported]) -> tuple[Expected, ...]:
    """What was due and never sent."""
    seen = {id(one.expected) for one in reported}
    return tuple(expected for expected in world.due if id(expected) not in seen)


def _match(record: Mapping[str, Any], world: World) -> Expected | None:
    """Of the device's activities the one that agrees most; ties go to the nearest start."""
    same_device = [it for it in world.expected if it.record["device_id"] == record.get("device_id")]
    candidates = [it for it in same_device or world.expected if _could_be(record, it.record)]
    return max(candidates, key=lambda expected: _agreement(record, expected.record), default=None)


def _could_be(record: Mapping[str, Any], expected: Mapping[str, Any]) -> bool:
    """Some trait that a mistake in the others leaves: its start, its day, or its quantities."""
    same_start = _instant(record, "activity_start") == _instant(expected, "activity_start")
    same_day = record.get("business_day") == expected["business_day"]
    known_device = record.get("device_id") == expected["device_id"]
    return same_start or (known_device and (same_day or record.get("activity") == expected["activity"]))


def _agreement(record: Mapping[str, Any], expected: Mapping[str, Any]) -> tuple[int, float]:
    same_start = _instant(record, "activity_start") == _instant(expected, "activity_start")
    same = [record.get(name) == expected[name] for name in ("scheme", "link_id", "business_day")]
    same += [_instant(record, "activity_end") == _instant(expected, "activity_end"), same_start, same_start]
    mine, theirs = record.get("activity"), expected["activity"]
    same += [isinstance(mine, Mapping) and mine.get(name) == value for name, value in theirs.items()]
    return sum(same), -_apart(_instant(record, "activity_start"), _instant(expected, "activity_start"))


def _apart(one: datetime | None, other: datetime | None) -> float:
    return abs((one - other).total_seconds()) if one and other else float("inf")


def _instant(record: Mapping[str, Any], member: str) -> datetime | None:
    try:
        return parse_instant(record[member])
    except (KeyError, InvalidInstant):
        return None
