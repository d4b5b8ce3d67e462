"""What is passed in from outside: time, chance, who listens, and what is already known of the platform."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.chance import Chance
from tanpuhui.reference_client.calling.clock import PlatformClock
from tanpuhui.reference_client.calling.notices import unheard

if TYPE_CHECKING:
    from collections.abc import Callable

    from tanpuhui.reference_client.calling.answers import Discovery
    from tanpuhui.reference_client.calling.notices import Notice
    from tanpuhui.spec.signing import PublicKeys


@dataclass(slots=True)
class Known:
    """What was learned of the platform; the sender and the receiver of events share it."""

    discovery: Discovery | None = None
    keys: PublicKeys | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The world around one scenario; tests pass their own."""

    clock: PlatformClock = field(default_factory=PlatformClock)
    chance: Chance = field(default_factory=Chance)
    known: Known = field(default_factory=Known)
    notify: Callable[[Notice], None] = unheard
