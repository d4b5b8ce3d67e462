"""A running platform and a scenario in a few lines that signs, asks and checks every receipt it gets."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import jsonschema_rs
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from tanpuhui.mock_platform.serving import PlatformServer
from tanpuhui.spec.accounting import account, accounts_text
from tanpuhui.spec.business_time import parse_instant
from tanpuhui.spec.document import document
from tanpuhui.spec.limits import default_times
from tanpuhui.spec.message import HttpRequest, HttpResponse, headers_of
from tanpuhui.spec.signing import PublicKeys, SigningKey, public_keys, sign_request, verify_response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOW = "2026-03-02T06:00:00+08:00"
LINK = "lnk_" + "a" * 22
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass
class Actor:
    """A scenario of its own tenant."""

    control: httpx.Client
    issuer: str
    tenant: str
    key: SigningKey
    client_id: str = "client-1"
    http: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False))
    keys: PublicKeys = field(default_factory=dict)
    _token: str = ""

    def conduct(self, method: str, path: str, /, **body: Any) -> Any:
        response = self.control.request(method, f"/tenants/{self.tenant}{path}", json=body or None)
        assert response.is_success, response.text
        return response.json() if response.content else None

    def now(self) -> datetime:
        return parse_instant(self.conduct("GET", "/state")["now"])

    def freeze(self) -> datetime:
        return parse_instant(self.conduct("POST", "/clock", freeze=True)["now"])

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


def checked(response: httpx.Response) -> httpx.Response:
    """The response, which has a status and a body that the interface document has for its operation."""
    path = re.sub(r"^/t/[^/]+", "", urlsplit(str(response.url)).path)
    schema = response_schema(response.request.method, path, response.status_code)
    errors = schema.iter_errors(response.json()) if schema else ()
    assert [str(error) for error in errors] == []
    assert response.headers["x-request-id"]
    return response


@cache
def response_schema(method: str, path: str, status: int) -> jsonschema_rs.Draft202012Validator | None:
    whole = document("platform")
    template = "/v1/records/{record_id}" if path.startswith("/v1/records/") else path
    operation = whole["paths"].get(template, {}).get(method.lower())
    if operation is None:
        return None
    answer = operation["responses"][str(status)]
    answer = (
        whole["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]] if "$ref" in answer else answer
    )
    (media,) = answer["content"].values()
    rooted = {"allOf": [media["schema"]], "components": whole["components"]}
    return jsonschema_rs.Draft202012Validator(rooted, validate_formats=True)


@pytest.fixture(scope="session")
def server() -> Iterator[PlatformServer]:
    with PlatformServer() as running:
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
    usual = {"now": NOW, "links": [a_link()]}
    made = control.post("/tenants", json={**usual, **order, "scenario": scenario})
    assert made.status_code == 201, made.text
    actor = Actor(control, made.json()["issuer"], made.json()["tenant"], key)
    actor.keys = public_keys(actor.http.get(f"{actor.issuer}/jwks").json())
    return actor


@pytest.fixture
def enter_platform() -> Callable[[str], Actor]:
    """Enters a platform that another test started, by its control address."""
    return lambda control_url: enter(httpx.Client(base_url=control_url, trust_env=False, timeout=60), {})


@pytest.fixture
def new_actor(server: PlatformServer) -> Iterator[Callable[..., Actor]]:
    """Creates actors, each with a tenant of its own."""
    control = httpx.Client(base_url=server.control_url, trust_env=False, timeout=60)
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


def a_link(link_id: str = LINK, **changes: Any) -> dict[str, Any]:
    return {"link_id": link_id, "status": "active", "valid_from": "2026-01-01T00:00:00+08:00", **changes}


@pytest.fixture
def link() -> Callable[..., dict[str, Any]]:
    return a_link


@pytest.fixture
def pv_day() -> Callable[..., dict[str, Any]]:
    """The law's own example of a PV day under a new id; members of `activity` are changed by name as well."""
    batch = document("platform")["paths"]["/v1/activity-batches"]["post"]["requestBody"]["content"]
    (example,) = batch["application/json"]["examples"]["pv_day"]["value"]["records"]

    def record(**changes: Any) -> dict[str, Any]:
        inner = {name: changes.pop(name) for name in set(changes) & set(example["activity"])}
        made = {
            **example,
            "record_id": str(uuid.uuid4()),
            "link_id": LINK,
            "activity": example["activity"] | inner,
        }
        state = changes.get("device_state", made["device_state"])
        return {**made, **accounts_text(account(made | {"device_state": state})), **changes}

    return record
