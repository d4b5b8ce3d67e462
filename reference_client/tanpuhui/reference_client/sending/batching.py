"""Which records travel together, as which bytes, under which key."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tanpuhui.reference_client.calling.chance import Chance
    from tanpuhui.reference_client.keeping.outbox import Ready
    from tanpuhui.spec.limits import Limits

_HEAD, _SEPARATOR, _TAIL = b'{"records":[', b",", b"]}"


class Batching:
    """Keeps batches within the advertised limits (WRT-002, API-002)."""

    def __init__(self, limits: Limits, chance: Chance) -> None:
        self.limits = limits
        self.chance = chance

    def count_max(self) -> int:
        """The most records of a batch."""
        return self.limits.batch_max_records

    def bytes_max(self) -> int:
        """The most bytes of a body."""
        return self.limits.body_max_bytes

    def chosen(self, ready: Sequence[Ready]) -> Sequence[Ready]:
        """The first of the records that fit into one batch; a lone record is always one."""
        size, count = len(_HEAD) + len(_TAIL), 0
        for item in ready[: self.count_max()]:
            size += len(item.body) + len(_SEPARATOR)
            if size > self.bytes_max():
                break
            count += 1
        return ready[: max(count, 1)]

    def as_sent(self, record: bytes) -> bytes:
        """A record in the words in which it goes out: those in which it was composed."""
        return record

    def body(self, records: Sequence[bytes]) -> bytes:
        """The bytes of a batch; they are made once and kept."""
        return _HEAD + _SEPARATOR.join(records) + _TAIL

    def idempotency_key(self) -> str:
        """A key for one batch and no other (CAL-001)."""
        return self.chance.token()
