"""Writes as the scenario made them: attempts under one idempotency key, and what the platform answered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from tanpuhui.spec.document import document, operations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tanpuhui.conformance.recording.exchange import Exchange

SPOILING = frozenset({"lose_answer", "lose_request", "delay", "break_receipt"})
KEYED = "CAL-001"


@dataclass(frozen=True, slots=True)
class Write:
    """Every attempt that bore the same idempotency key, in the order in which they arrived."""

    scene: str
    key: str | None
    attempts: tuple[Exchange, ...]

    @property
    def first(self) -> Exchange:
        """The first attempt."""
        return self.attempts[0]

    @property
    def acknowledged(self) -> Exchange | None:
        """The first attempt whose answer certainly reached the scenario as a valid 2xx."""
        return next((attempt for attempt in self.attempts if surely_acknowledged(attempt)), None)

    @property
    def answered(self) -> Exchange | None:
        """The first attempt with a valid 2xx, prompt or slow: reason enough not to send again."""
        return next((it for it in self.attempts if it.answered_ok and not _spoilt(it)), None)

    @property
    def refused_for_good(self) -> Exchange | None:
        """The first attempt that was promptly refused with a problem that is not retryable."""
        refused = (attempt for attempt in self.attempts if attempt.refused and not attempt.slow)
        return next((attempt for attempt in refused if not attempt.retryable), None)


@cache
def write_operations() -> frozenset[str]:
    """The operations that the law wants an idempotency key for."""
    found = operations(document("platform"))
    return frozenset(one.operation_id for one in found if KEYED in one.requirements)


def surely_acknowledged(attempt: Exchange) -> bool:
    """A prompt 2xx that no armed fault spoilt: the scenario cannot say that it never came."""
    return attempt.answered_ok and not _spoilt(attempt) and not attempt.slow


def _spoilt(attempt: Exchange) -> bool:
    return attempt.fault is not None and attempt.fault.kind in SPOILING


def grouped_by_key(
    exchanges: Iterable[Exchange],
) -> Iterator[tuple[str, str | None, tuple[Exchange, ...]]]:
    """Writes grouped by scene, operation and key; an attempt without a key stands alone."""
    grouped: dict[tuple[str, str, str], list[Exchange]] = {}
    for exchange in exchanges:
        if exchange.inbound and exchange.operation in write_operations():
            name = key_of(exchange) or f"#{exchange.seq}"
            grouped.setdefault((exchange.scene, exchange.operation, name), []).append(exchange)
    for (scene, _, _), attempts in grouped.items():
        yield scene, key_of(attempts[0]), tuple(attempts)


def key_of(exchange: Exchange) -> str | None:
    """The idempotency key as it was sent."""
    values = exchange.request.header_values("idempotency-key")
    return ", ".join(values) if values else None
