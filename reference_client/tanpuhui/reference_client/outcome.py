"""What became of each record of a file, beside the lines that it comes from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from tanpuhui.reference_client.keeping.outbox import REFUSED, WITHHELD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tanpuhui.reference_client.exports.lines import Run
    from tanpuhui.reference_client.intake import Origin
    from tanpuhui.reference_client.keeping.store import Store

_NOT_DUE = frozenset({WITHHELD, REFUSED, "rejected"})
_QUERY = (
    "SELECT activity_id, state, reason, detail, body FROM json_each(?) CROSS JOIN records"
    " ON records.activity_id = json_each.value ORDER BY json_each.id"
)


class Outcome(NamedTuple):
    """One record, or the reason why there is none."""

    runs: tuple[Run, ...]
    state: str
    reason: str | None
    detail: str | None
    body: bytes | None

    @property
    def alive(self) -> bool:
        """Whether there is a record that is due or reported."""
        return self.body is not None and self.state not in _NOT_DUE


def outcomes(store: Store, origins: Sequence[Origin]) -> Iterator[Outcome]:
    """The records of some activities, in the order of the file."""
    runs = {origin.activity_id: origin.runs for origin in origins}
    for row in store.rows(_QUERY, json.dumps(list(runs))):
        activity_id, state, reason, detail, body = row
        yield Outcome(runs[activity_id], state, reason, detail, body)
