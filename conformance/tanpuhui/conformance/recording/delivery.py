"""Events as they reached the scenario: what was delivered, signed how, and how it was answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tanpuhui.conformance.recording.exchange import OUTBOUND, Exchange

RECEIVE_EVENT = "receiveEvent"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request to the scenario's event receiver."""

    exchange: Exchange
    event: Mapping[str, Any]

    @property
    def event_id(self) -> str | None:
        """The event's id, None where the body is no event."""
        return self.event.get("id")

    @property
    def acknowledged(self) -> bool:
        """The scenario answered 2xx."""
        return self.exchange.answered_ok


def deliveries_in(exchanges: Iterable[Exchange]) -> tuple[Delivery, ...]:
    """The deliveries among exchanges; a body that is no JSON object is an event without members."""
    return tuple(
        Delivery(exchange, _event(exchange))
        for exchange in exchanges
        if exchange.direction == OUTBOUND and exchange.operation == RECEIVE_EVENT
    )


def _event(exchange: Exchange) -> Mapping[str, Any]:
    event = exchange.content.value
    return event if isinstance(event, Mapping) else {}
