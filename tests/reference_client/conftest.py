"""A real platform on loopback, a tenant of its own for each test, and scenarios that report to it."""

from __future__ import annotations

import base64
import json
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from platform_crowd import plain

from tanpuhui.mock_platform.serving import PlatformServer
from tanpuhui.reference_client.client import Identity, ScenarioClient, operations_of
from tanpuhui.reference_client.scenario import Scenario, Setup
from tanpuhui.reference_client.serving import ScenarioServer
from tanpuhui.spec.signing import SigningKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

    from tanpuhui.reference_client.scenario_parts import ScenarioParts

NOW = "2026-03-10T12:00:00+08:00"
QUICK = {"retry_first_seconds": 0.02, "retry_max_seconds": 0.2, "job_poll_seconds": 0}
LINK = "lnk_" + "a" * 22
OTHER_LINK = "lnk_" + "b" * 22


@dataclass
class Tenant:
    """A platform of its own, conducted by the test."""

    control: httpx.Client
    name: str
    discovery_url: str
    key: SigningKey

    @property
    def identity(self) -> Identity:
        return Identity(self.discovery_url, "cli-1", self.key)

    @property
    def setup(self) -> Setup:
        return Setup(self.identity, "scn-1")

    def conduct(self, verb: str, path: str, /, **body: Any) -> Any:
        answer = self.control.request(verb, f"/tenants/{self.name}{path}", json=body or None)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def arm(self, *faults: dict[str, Any]) -> None:
        self.conduct("PUT", "/faults", faults=list(faults))

    def fired(self) -> list[int]:
        return [fault["fired"] for fault in self.conduct("GET", "/faults")["faults"]]

    def state(self) -> dict[str, Any]:
        return self.conduct("GET", "/state")

    def event(self, kind: str, data: dict[str, Any]) -> dict[str, Any]:
        return self.conduct("POST", "/events", type=kind, data=data)

    def suspend(self, link_id: str, at: str) -> dict[str, Any]:
        data = {"link_id": link_id, "status": "suspended", "effective_at": at}
        return self.event("link.suspended.v1", data)

    def deliver(self, **what: Any) -> tuple[int, dict[str, Any]]:
        answer = self.conduct("POST", "/deliver", **what)
        body = base64.b64decode(answer["body_b64"])
        return answer["status"], json.loads(body) if body else {}

    def exchanges(self, operation: str) -> list[dict[str, Any]]:
        entries = self.conduct("GET", "/journal")["entries"]
        return [
            entry for entry in entries if entry.get("operation") == operation and entry["kind"] == "exchange"
        ]

    def await_entry(self, wanted: Callable[[dict[str, Any]], bool], after: int = 0) -> dict[str, Any]:
        """The first entry of the journal that is wanted, waited for without polling."""
        while True:
            found = self.conduct("GET", f"/journal?after={after}&wait=20")
            assert found["entries"], "what was wanted did not come"
            for entry in found["entries"]:
                if wanted(entry):
                    return entry
            after = found["next"]

    def await_exchange(self, operation: str) -> dict[str, Any]:
        """The first exchange of an operation."""
        return self.await_entry(lambda entry: entry["kind"] == "exchange" and entry["operation"] == operation)

    def sent(self) -> list[dict[str, Any]]:
        """Every record of every batch that arrived."""
        bodies = [base64.b64decode(each["request"]["body_b64"]) for each in self.exchanges("submitBatch")]
        return [record for body in bodies for record in json.loads(body)["records"]]

    def bodies(self, operation: str) -> list[bytes]:
        """The body of every request for an operation."""
        return [base64.b64decode(each["request"]["body_b64"]) for each in self.exchanges(operation)]

    def keys(self, operation: str) -> list[str]:
        """The idempotency key of every request for an operation."""
        fields = (dict(each["request"]["headers"]) for each in self.exchanges(operation))
        return [each["idempotency-key"] for each in fields]

    def stored(self) -> int:
        return sum(self.state()["records"].values())


@pytest.fixture(scope="session")
def platform() -> Iterator[PlatformServer]:
    with PlatformServer() as running:
        yield running


@pytest.fixture
def new_tenant(platform: PlatformServer) -> Iterator[Callable[..., Tenant]]:
    with plain(base_url=platform.control_url) as control:
        made: list[Tenant] = []

        def create(**order: Any) -> Tenant:
            key = SigningKey.generate()
            scenario = {
                "scenario_id": "scn-1",
                "client_id": "cli-1",
                "name": "测试",
                "schemes": ["PV", "BIKE"],
            }
            scenario |= {"jwks": {"keys": [key.public_jwk()]}}
            usual = {"now": NOW, "scenario": scenario, "links": [a_link()]}
            times = QUICK | order.pop("times", {})
            answer = control.post("/tenants", json={**usual, **order, "times": times})
            assert answer.status_code == 201, answer.text
            found = answer.json()
            made.append(Tenant(control, found["tenant"], found["discovery_url"], key))
            return made[-1]

        yield create
        for tenant in made:
            tenant.conduct("DELETE", "")


@pytest.fixture
def tenant(new_tenant: Callable[..., Tenant]) -> Tenant:
    return new_tenant()


@pytest.fixture
def client(tenant: Tenant) -> Iterator[ScenarioClient]:
    with ScenarioClient(operations_of(tenant.identity)) as found:
        yield found


@pytest.fixture
def reporting_to() -> Iterator[Callable[..., Scenario]]:
    """Scenarios at work for a tenant; closed in the end."""
    with ExitStack() as opened:

        def start(tenant: Tenant, path: str = ":memory:", parts: ScenarioParts | None = None) -> Scenario:
            scenario = opened.enter_context(Scenario(path, key=tenant.key, parts=parts))
            scenario.connect(tenant.setup)
            return scenario

        yield start


@pytest.fixture
def served() -> Iterator[Callable[..., ScenarioServer]]:
    """The scenario's interface on loopback, registered with the tenant."""
    with ExitStack() as opened:

        def serve(scenario: Scenario, tenant: Tenant) -> ScenarioServer:
            server = opened.enter_context(ScenarioServer(scenario))
            tenant.conduct("PATCH", "/scenario", callback_url=server.base_url)
            return server

        yield serve


def a_link(link_id: str = LINK, **changes: Any) -> dict[str, Any]:
    return {
        "link_id": link_id,
        "status": "active",
        "valid_from": "2026-01-01T00:00:00+08:00",
        "valid_to": None,
    } | changes


def a_ride(
    name: str = "1", start: str = "2026-03-09T00:00:00Z", minutes: int = 15, **changes: Any
) -> dict[str, Any]:
    end = datetime.fromisoformat(start) + timedelta(minutes=minutes)
    ride = {
        "activity_id": f"ride-{name}",
        "scheme": "BIKE",
        "link_id": LINK,
        "district_code": "310115",
        "device_id": "dev-bike-1",
    }
    ride |= {"start": start, "end": end.astimezone(UTC).isoformat().replace("+00:00", "Z")}
    return ride | {"distance_m": 2200, "propulsion": "human", "energy_wh": None} | changes


@pytest.fixture
def link() -> Callable[..., dict[str, Any]]:
    return a_link


@pytest.fixture
def ride() -> Callable[..., dict[str, Any]]:
    return a_ride


@pytest.fixture
def rides() -> Callable[[int], list[dict[str, Any]]]:
    """So many rides of one day, a minute apart."""
    return lambda count: [
        a_ride(str(n), f"2026-03-09T{n // 60 % 24:02d}:{n % 60:02d}:00Z") for n in range(count)
    ]


@pytest.fixture
def uploaded() -> Callable[..., dict[str, Any]]:
    """Reports what is loaded by upload, or as is asked, and waits for the end."""

    def report(scenario: Scenario, by: str = "uploads") -> dict[str, Any]:
        scenario.report(by)
        assert scenario.wait_idle(60)
        return scenario.status().as_mapping()

    return report


@pytest.fixture
def finished() -> Callable[[Scenario], dict[str, Any]]:
    """Reports what is loaded and waits for the end."""

    def report(scenario: Scenario) -> dict[str, Any]:
        scenario.report()
        assert scenario.wait_idle(30)
        return scenario.status().as_mapping()

    return report
