"""Activities as a business system holds them, refused before they are stored where they are no such thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.calling.errors import InvalidInput, Text
from tanpuhui.reference_client.shape import activity_faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def require_activities(activities: Iterable[Mapping[str, Any]]) -> None:
    """Names the first place where an activity is not as `testbed.yaml` says."""
    for _ in required_activities(activities):
        pass


def required_activities(activities: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The same activities, each looked at as it passes by."""
    for number, activity in enumerate(activities):
        for fault in activity_faults(activity):
            place = f"/activities/{number}{fault.pointer}"
            raise InvalidInput(
                Text(f"活动不合结构：{place}", f"the activity is malformed: {place}"),
                Text("按 testbed.yaml 修正", "correct it as testbed.yaml says"),
                "IND-005",
            )
        yield activity
