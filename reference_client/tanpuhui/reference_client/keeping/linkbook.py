"""When each link was active: the platform's list, and what events changed, by their sequence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from tanpuhui.reference_client.calling.answers import Link

ACTIVE = "active"
REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class LinkChange:
    """One change of a link's status; the sequence decides which of two comes later (EVT-004)."""

    link_id: str
    sequence: int
    status: str
    effective_at: datetime


@dataclass(frozen=True, slots=True)
class LinkHistory:
    """One link with everything that is known to have changed it."""

    link: Link
    changes: tuple[LinkChange, ...] = ()

    def active_at(self, at: datetime) -> bool:
        """Whether the link was active at that instant (LNK-001, LNK-003)."""
        if at < self.link.valid_from or (self.link.valid_to is not None and at >= self.link.valid_to):
            return False
        return self._status_at(at) == ACTIVE

    def _status_at(self, at: datetime) -> str:
        status = ACTIVE if self._explained() else self._listed_status()
        for change in self.changes:
            told_later = change.sequence > self.link.sequence
            if change.effective_at <= at and (told_later or self._explained()):
                status = change.status
        return status

    def _listed_status(self) -> str:
        """A link that is listed as revoked with its end was active until then."""
        ended = self.link.status == REVOKED and self.link.valid_to is not None
        return ACTIVE if ended else self.link.status

    def _explained(self) -> bool:
        """Whether known changes led to the listed status; then the link was active before them."""
        known = (change for change in self.changes if change.sequence == self.link.sequence)
        return any(change.status == self.link.status for change in known)


@dataclass(frozen=True, slots=True)
class LinkBook:
    """All links of the scenario."""

    histories: Mapping[str, LinkHistory]

    def active(self, link_id: str, at: datetime) -> bool:
        """Whether the platform lists the link and it was active at that instant."""
        history = self.histories.get(link_id)
        return history is not None and history.active_at(at)


def link_book(links: Sequence[Link], changes: Sequence[LinkChange]) -> LinkBook:
    """The book of these links; changes count in the order of their sequence, however they arrived."""
    by_link: dict[str, list[LinkChange]] = {}
    for change in sorted(changes, key=lambda change: change.sequence):
        by_link.setdefault(change.link_id, []).append(change)
    return LinkBook({link.link_id: LinkHistory(link, tuple(by_link.get(link.link_id, ()))) for link in links})
