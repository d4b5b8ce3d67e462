"""Client of the control interface of the run's own platform: tenants, clock, faults, events and the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote

from tanpuhui.conformance.driving.json_call import JsonInterface, Sender

_SIDE = "平台控制口 (control interface)"
_PATIENCE = 15.0


@dataclass(frozen=True, slots=True)
class PlatformControl:
    """The platform as the judge's instrument."""

    interface: JsonInterface

    @classmethod
    def at(cls, wire: Sender, url: str) -> Self:
        """The control interface at that address."""
        return cls(JsonInterface(wire, url, _SIDE))

    def healthy(self) -> bool:
        """It answers that it is well."""
        return bool(self.interface.call("GET", "/health", timeout=_PATIENCE).get("status") == "ok")

    def open_tenant(self, wanted: Mapping[str, Any]) -> TenantControl:
        """A platform of its own for one scene."""
        made = self.interface.call("POST", "/tenants", wanted, expect=(201,), timeout=_PATIENCE)
        return TenantControl(self.interface, made["tenant"], made["issuer"], made["discovery_url"])


@dataclass(frozen=True, slots=True)
class TenantControl:
    """One tenant's controls."""

    interface: JsonInterface
    tenant: str
    issuer: str
    discovery_url: str

    def register(self, *, callback_url: str, jwks: Mapping[str, Any]) -> None:
        """Make the scenario's keys and the base of its interface known to the platform."""
        self._call("PATCH", "/scenario", {"callback_url": callback_url, "jwks": jwks})

    def clock(self, **change: Any) -> str:
        """Move the platform's clock; answers what it shows then."""
        return str(self._call("POST", "/clock", change)["now"])

    def arm(self, faults: Sequence[Mapping[str, Any]]) -> None:
        """Lay out the faults; those armed before are gone."""
        self._call("PUT", "/faults", {"faults": list(faults)})

    def faults(self) -> Sequence[Mapping[str, Any]]:
        """The armed faults with how often each fired."""
        answer = self._call("GET", "/faults")
        return list(answer["faults"] if isinstance(answer, Mapping) else answer)

    def emit(self, event: Mapping[str, Any]) -> Mapping[str, Any]:
        """Let something happen that the platform writes back."""
        answer = self._call("POST", "/events", event)
        return dict(answer.get("event", answer))

    def replace_links(self, links: Sequence[Mapping[str, Any]]) -> None:
        """Change the list of links without a word to the scenario."""
        self._call("PUT", "/links", {"links": list(links)})

    def deliver(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Send one request to the scenario as the platform would, or not quite."""
        return dict(self._call("POST", "/deliver", message))

    def journal(self, after: int, wait_seconds: float) -> tuple[Sequence[Mapping[str, Any]], int]:
        """What was exchanged since; with a wait the answer comes with the next entry."""
        patience = _PATIENCE + wait_seconds
        path = f"/journal?after={after}&wait={wait_seconds:g}"
        answer = self._call("GET", path, timeout=patience)
        return answer["entries"], int(answer["next"])

    def state(self) -> Mapping[str, Any]:
        """What the platform holds now."""
        return dict(self._call("GET", "/state"))

    def close(self) -> None:
        """The tenant and all it held are gone."""
        self._call("DELETE", "")

    def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, timeout: float = _PATIENCE
    ) -> Any:
        place = f"/tenants/{quote(self.tenant, safe='')}{path}"
        return self.interface.call(method, place, body, expect=(200, 201, 202, 204), timeout=timeout)
