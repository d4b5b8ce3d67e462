"""Faults that scenes arm on the judge's platform; each has an id, so that it can be seen to have fired."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SUBMIT, UPLOAD, RECEIVE = "submitBatch", "submitUpload", "receiveEvent"


@dataclass(frozen=True, slots=True)
class ArmedFault:
    """One fault before it is laid out; `least` is how often it must have fired for the scene to show anything."""

    kind: str
    operation: str
    params: Mapping[str, Any] = field(default_factory=dict)
    least: int = 1

    def order(self, number: int) -> dict[str, Any]:
        """As the control interface takes it."""
        name = f"{number}-{self.kind}-{self.operation}"
        return {
            "id": name,
            "kind": self.kind,
            "operation": self.operation,
            "skip": 0,
            "times": 1,
            **self.params,
        }


def fault(kind: str, on: str = SUBMIT, *, least: int | None = None, **params: Any) -> ArmedFault:
    """A fault of that kind on an operation; without other word it must fire as often as it is armed for."""
    return ArmedFault(kind, on, params, params.get("times", 1) if least is None else least)


def laid_out(faults: Sequence[ArmedFault]) -> list[dict[str, Any]]:
    """The faults in the order in which they strike."""
    return [armed.order(number) for number, armed in enumerate(faults, start=1)]


def silent(faults: Sequence[ArmedFault], found: Sequence[Mapping[str, Any]]) -> list[str]:
    """The ids of faults that should have fired by now and have not, or not often enough."""
    fired = {str(one["id"]): int(one["fired"]) for one in found}
    orders = zip(faults, laid_out(faults), strict=True)
    return [order["id"] for armed, order in orders if fired.get(order["id"], 0) < armed.least]
