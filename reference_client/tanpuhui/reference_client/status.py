"""How far reporting is, as the testbed and people are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tanpuhui.reference_client.keeping.outbox import BATCHED, READY, REFUSED, WITHHELD
from tanpuhui.reference_client.sending.withholding import WITHHELD_FOR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.reference_client.keeping.outbox import Outbox

SETTLED = ("accepted", "duplicate", "held", "rejected")


@dataclass(frozen=True, slots=True)
class Status:
    """One look at the desk."""

    idle: bool
    outbox: int
    refused: int
    records: Mapping[str, int]
    withheld: Mapping[str, int]
    last_problem: str | None

    def as_mapping(self) -> dict[str, Any]:
        """The members of the testbed's answer."""
        return {
            "state": "idle" if self.idle else "busy",
            "outbox": self.outbox,
            "records": dict(self.records),
            "withheld": dict(self.withheld),
            "last_problem": self.last_problem,
        }


def nothing_yet() -> Status:
    """Before there is a platform there is nothing to do."""
    none = dict.fromkeys((*SETTLED, WITHHELD), 0)
    return Status(True, 0, 0, none, dict.fromkeys(WITHHELD_FOR, 0), None)  # noqa: FBT003  # idle


def status_of(outbox: Outbox, *, idle: bool, last_problem: str | None) -> Status:
    """Counts what is stored."""
    counts, withheld = outbox.counts(), outbox.withheld()
    return Status(
        idle=idle,
        outbox=counts.get(READY, 0) + counts.get(BATCHED, 0),
        refused=counts.get(REFUSED, 0),
        records={state: counts.get(state, 0) for state in (*SETTLED, WITHHELD)},
        withheld={reason: withheld.get(reason, 0) for reason in WITHHELD_FOR},
        last_problem=last_problem,
    )
