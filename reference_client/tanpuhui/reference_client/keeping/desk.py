"""The scenario's desk: what comes in, what goes out, and the store under both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tanpuhui.reference_client.keeping.ledger import Ledger
from tanpuhui.reference_client.keeping.outbox import Outbox
from tanpuhui.reference_client.keeping.uploads import Uploads

if TYPE_CHECKING:
    from tanpuhui.reference_client.keeping.inbox import Inbox
    from tanpuhui.reference_client.keeping.store import Store


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that survives a crash."""

    store: Store
    inbox: Inbox
    outbox: Outbox
    uploads: Uploads
    ledger: Ledger


def desk_on(store: Store, inbox: type[Inbox]) -> Desk:
    """A desk that keeps its papers in the store."""
    return Desk(store, inbox(store), Outbox(store), Uploads(store), Ledger(store))
