"""A running platform and a scenario in a few lines that signs, asks and checks every receipt it gets."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from platform_contract import checked
from platform_crowd import plain
from platform_process import Process
from platform_world import a_certificate, a_device, a_link, a_pv_day, a_ride

from tanpuhui.mock_platform.serving import PlatformServer
from tanpuhui.spec.business_time import parse_instant
from tanpuhui.spec.limits import default_times
from tanpuhui.spec.message import HttpRequest, HttpResponse, headers_of
from tanpuhui.spec.signing import PublicKeys, SigningKey, public_keys, sign_request, verify_response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import httpx

NOW = "2026-03-02T06:00:00+08:00"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass
class Actor:
    """A scenario of its own tenant."""

    control: httpx.Client
    issuer: str
    tenant: str
    key: SigningKey
    client_id: str = "client-1"
    http: httpx.Client = field(default_factory=plain)
    keys: PublicKeys = field(default_factory=dict)
    stood_at: datetime | None = None
    _token: str = ""

    def conduct(self, method: str, path: str, /, **body: Any) -> Any:
        response = self.control.request(method, f"/tenants/{self.tenant}{path}", json=body or None)
        assert response.is_success, response.text
        return response.json() if response.content else None

    def now(self) -> datetime:
        return self.stood_at or parse_instant(self.conduct("GET", "/state")["now"])

    def freeze(self) -> datetime:
        return parse_instant(self.conduct("POST", "/clock", freeze=True)["now"])

    def stand(self) -> None:
        """Stop the clock for good, to be able to sign while the platform is out of reach."""
        self.stood_at = self.freeze()

    def advance(self, seconds: float) -> None:
        self.conduct("POST", "/clock", advance_seconds=seconds)

    def arm(self, *faults: dict[str, Any]) -> None:
        self.conduct("PUT", "/faults", faults=list(faults))

    def fired(self) -> list[int]:
        return [fault["fired"] for fault in self.conduct("GET", "/faults")["faults"]]

    def journal(self, after: int = 0, wait: float = 0) -> list[dict[str, Any]]:
        return self.conduct("GET", f"/journal?after={after}&wait={wait}")["entries"]

    def exchanges(self, operation: str) -> list[dict[str, Any]]:
        return [
            each
            for each in self.journal()
            if each.get("operation") == operation and each["kind"] == "exchange"
        ]

    def await_entry(self, matches: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first journal entry that matches, waited for without polling."""
        after = 0
        while True:
            entries = self.journal(after, wait=20)
            assert entries, "nothing more came"
            for entry in entries:
                if matches(entry):
                    return entry
            after = entries[-1]["n"]

    def assertion(self, header: dict[str, Any] | None = None, key: Any = None, **claims: Any) -> str:
        at = int(self.now().timestamp())
        usual = {"iss": self.client_id, "sub": self.client_id, "aud": self.issuer, "iat": at, "exp": at + 60}
        merged = {**usual, "jti": str(uuid.uuid4()), **claims}
        kept = {name: value for name, value in merged.items() if value is not None}
        full = {"alg": "ES256", "typ": "JWT", "kid": self.key.key_id, **(header or {})}
        return jwt.encode(
            full, kept, key or ECKey.import_key(self.key.private_jwk()), algorithms=[full["alg"]]
        )

    def ask_token(self, **form: Any) -> httpx.Response:
        usual = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE}
        given = usual | {"client_assertion": self.assertion()} | form
        return checked(self.http.post(f"{self.issuer}/oauth/token", data=given))

    def token(self) -> str:
        if not self._token:
            self._token = self.ask_token().json()["access_token"]
        return self._token

    def signed(self, method: str, path: str, **how: Any) -> HttpRequest:
        """A request of the interface; `how` replaces one part of a sound one."""
        url = path if path.startswith("http") else self.issuer + path
        body = how.get("body", b"")
        token = how["token"] if "token" in how else self.token()
        fields = [("authorization", f"Bearer {token}")] if token is not None else []
        fields += [("content-type", how.get("content_type", "application/json"))] if body else []
        fields += [("idempotency-key", how["key"])] if how.get("key") else []
        request = HttpRequest(method, url, headers_of([*fields, *how.get("fields", ())]), body)
        created = self.now() + timedelta(seconds=how.get("offset", 0))
        nonce, tag = how.get("nonce") or str(uuid.uuid4()), how.get("tag", "tph-request")
        return sign_request(request, how.get("signer", self.key), created=created, nonce=nonce, tag=tag)

    def send(self, request: HttpRequest, *, receipt: bool = True) -> httpx.Response:
        response = self.http.request(
            request.method, request.url, headers=list(request.headers), content=request.body or None
        )
        if receipt:
            fields = headers_of(response.headers.multi_items())
            seen = HttpResponse(response.status_code, fields, response.content)
            verify_response(seen, request, self.keys, now=None, times=default_times())
        return checked(response)

    def get(self, path: str, **how: Any) -> httpx.Response:
        return self.send(self.signed("GET", path, **how))

    def submit(self, *records: Any, **how: Any) -> httpx.Response:
        body = how.pop("body", None) or json.dumps({"records": list(records)}).encode()
        how.setdefault("key", f'"{uuid.uuid4()}"')
        return self.send(self.signed("POST", "/v1/activity-batches", body=body, **how))

    def verdicts(self, *records: Any, **how: Any) -> list[dict[str, Any]]:
        response = self.submit(*records, **how)
        assert response.status_code == 200, response.text
        return response.json()["verdicts"]


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> Iterator[PlatformServer]:
    """One platform for all tests of a store; each test has tenants of its own."""
    shared = request.param == "postgresql"
    db = request.getfixturevalue("postgresql").new_database() if shared else None
    with PlatformServer(db) as running:
        yield running


def enter(control: httpx.Client, order: dict[str, Any]) -> Actor:
    """A new tenant on the platform that is controlled there, and its actor."""
    key = SigningKey.generate()
    scenario = {
        "scenario_id": "scn-1",
        "client_id": "client-1",
        "name": "测试场景",
        "schemes": ["PV", "BIKE"],
    }
    scenario |= {"jwks": {"keys": [key.public_jwk()]}} | order.pop("scenario", {})
    usual = {"now": NOW, "links": [a_link()], "devices": [a_device()]}
    made = control.post("/tenants", json={**usual, **order, "scenario": scenario})
    assert made.status_code == 201, made.text
    actor = Actor(control, made.json()["issuer"], made.json()["tenant"], key)
    actor.keys = public_keys(actor.http.get(f"{actor.issuer}/jwks").json())
    return actor


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new database."""
    if request.param == "sqlite":
        return str(tmp_path / "platform.db")
    return str(request.getfixturevalue("new_database")())


@pytest.fixture
def lives(db: str) -> Iterator[Callable[..., Process]]:
    started: list[Process] = []

    def start(*ports: str) -> Process:
        started.append(Process(db, *ports))
        return started[-1]

    yield start
    for process in started:
        process.kill()


@pytest.fixture
def enter_platform() -> Callable[[str], Actor]:
    """Enters a platform that another test started, by its control address."""
    return lambda control_url: enter(plain(base_url=control_url), {})


@pytest.fixture
def new_actor(server: PlatformServer) -> Iterator[Callable[..., Actor]]:
    """Creates actors, each with a tenant of its own."""
    control = plain(base_url=server.control_url)
    actors: list[Actor] = []

    def create(**order: Any) -> Actor:
        actors.append(enter(control, order))
        return actors[-1]

    yield create
    for actor in actors:
        control.delete(f"/tenants/{actor.tenant}")
        actor.http.close()
    control.close()


@pytest.fixture
def actor(new_actor: Callable[..., Actor]) -> Actor:
    return new_actor()


@pytest.fixture
def device() -> Callable[..., dict[str, Any]]:
    """The device of the PV days, registered and calibrated."""
    return a_device


@pytest.fixture
def certificate() -> Callable[..., dict[str, Any]]:
    return a_certificate


@pytest.fixture
def link() -> Callable[..., dict[str, Any]]:
    return a_link


@pytest.fixture
def pv_day() -> Callable[..., dict[str, Any]]:
    """A PV day under a new id; members of `activity` are changed by name as well."""
    return a_pv_day


@pytest.fixture
def ride() -> Callable[..., dict[str, Any]]:
    """A bike ride under a new id."""
    return a_ride
