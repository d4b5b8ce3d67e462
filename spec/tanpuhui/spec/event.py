"""The closed list of write-back event types, so that sender, receiver and judge speak of the same ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from tanpuhui.spec.law import law_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE = "application/cloudevents+json"
"""How an event travels (EVT-001)."""


@dataclass(frozen=True, slots=True)
class EventType:
    """One type of event: its meaning and the schema of its data."""

    type: str
    zh: str
    en: str
    data: str
    clause: str


def event_prefix() -> str:
    """What every event type begins with."""
    return str(law_yaml("events.yaml")["prefix"])


@cache
def event_types() -> Mapping[str, EventType]:
    """The event types by their full name, in the order of the law."""
    entries = law_yaml("events.yaml")["events"].items()
    kinds = (EventType(type=event_prefix() + name, **entry) for name, entry in entries)
    return MappingProxyType({kind.type: kind for kind in kinds})
