"""Invented links, and at which instants an activity on them may be reported (LNK-001, LNK-003)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tanpuhui.conformance.chance import token
from tanpuhui.spec.business_time import instant_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

ACTIVE, SUSPENDED, REVOKED = "active", "suspended", "revoked"
_LONG_AGO = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class InventedLink:
    """A link as the platform lists it (or, not known, does not), with the changes that events announced since."""

    link_id: str
    status: str
    valid_from: datetime
    valid_to: datetime | None = None
    changes: tuple[tuple[datetime, str], ...] = ()
    known: bool = True

    def changed(self, effective_at: datetime, status: str) -> InventedLink:
        """The same link after one more event."""
        return replace(self, changes=(*self.changes, (effective_at, status)))

    def active_at(self, start: datetime) -> bool:
        """An activity that starts then may be reported; validity includes its begin and excludes its end."""
        if (
            not self.known
            or start < self.valid_from
            or (self.valid_to is not None and start >= self.valid_to)
        ):
            return False
        ended = self.status == REVOKED and self.valid_to is not None
        status = ACTIVE if ended else self.status
        for effective_at, later in self.changes:
            status = later if effective_at <= start else status
        return status == ACTIVE

    def listed(self) -> dict[str, Any]:
        """As the platform is told at the beginning of a scene."""
        return {
            "link_id": self.link_id,
            "status": self.status,
            "valid_from": instant_text(self.valid_from),
            "valid_to": instant_text(self.valid_to) if self.valid_to else None,
        }


def invent_link(
    rng: Random,
    now: datetime,
    *,
    status: str = ACTIVE,
    since: datetime | None = None,
    until: datetime | None = None,
) -> InventedLink:
    """A link with a random id; without other word it has been valid for longer than anything is old."""
    return InventedLink(f"lnk_{token(rng, 24)}", status, since or now - _LONG_AGO, until)


def listed(links: Iterable[InventedLink]) -> tuple[dict[str, Any], ...]:
    """Those links that the platform knows, each once."""
    return tuple({link.link_id: link.listed() for link in links if link.known}.values())
