"""Client of the scenario's testbed interface (testbed.yaml): reset, load, report, and wait until it is idle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from tanpuhui.conformance.driving.json_call import JsonInterface, Sender

BY_UPLOADS = "uploads"
SIDE = "被测场景的测试台 (testbed)"
_PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Identity:
    """What the scenario is told about a run: where the platform is and who it is there."""

    run: str
    discovery_url: str
    client_id: str
    scenario_id: str


@dataclass(frozen=True, slots=True)
class ScenarioTestbed:
    """The judge's handle on the scenario; it triggers and waits, and never tells what is expected."""

    interface: JsonInterface

    @classmethod
    def at(cls, wire: Sender, url: str, token: str | None) -> Self:
        """The testbed at that address, with its token if it has one."""
        fields = (("authorization", f"Bearer {token}"),) if token else ()
        return cls(JsonInterface(wire, url, SIDE, fields))

    def reset(self, identity: Identity) -> Mapping[str, Any]:
        """Forget everything; answers the scenario's public keys and the base of its interface."""
        body = {name: getattr(identity, name) for name in identity.__slots__}
        return _object(self.interface.call("POST", "/reset", body, timeout=_PATIENCE))

    def load(self, activities: Sequence[Mapping[str, Any]]) -> None:
        """Hand over invented activities as the business system holds them."""
        body = {"activities": list(activities)}
        self.interface.call("POST", "/activities", body, expect=(200, 202, 204), timeout=_PATIENCE)

    def load_devices(self, devices: Sequence[Mapping[str, Any]]) -> None:
        """Hand over the ledger of devices as the business system keeps it."""
        body = {"devices": list(devices)}
        self.interface.call("POST", "/devices", body, expect=(200, 202, 204), timeout=_PATIENCE)

    def report(self, by: str | None = None) -> None:
        """Start reporting what is due, in batches or by uploads; the answer comes at once."""
        body = {"by": by} if by else {}
        self.interface.call("POST", "/reports", body, expect=(200, 202, 204), timeout=_PATIENCE)

    def status(self, wait_seconds: float = 0) -> Mapping[str, Any]:
        """What the scenario is doing; with a wait the answer may come when it has become idle."""
        fields = (("prefer", f"wait={max(1, round(wait_seconds))}"),) if wait_seconds else ()
        patience = _PATIENCE + wait_seconds
        return _object(self.interface.call("GET", "/status", headers=fields, timeout=patience))


def _object(answer: Any) -> Mapping[str, Any]:
    return answer if isinstance(answer, Mapping) else {}
