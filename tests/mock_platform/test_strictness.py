"""What is not as specified is refused, says where, and repeats nothing of what was sent."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest

from tanpuhui.mock_platform.interface.intake import SINGLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mock_platform.conftest import Actor

CANARY = "13800138000"


def code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


@pytest.mark.parametrize(
    "query",
    [
        "?limit=1&limit=2",
        "?unknown=1",
        "?limit",
        "?limit=%FF",
        "?limit=0",
        "?limit=abc",
        "?limit=%205",
        "?limit=+5",
        "?limit=1_0",
    ],
)
def test_a_query_that_is_not_as_specified_is_refused(actor: Actor, query: str) -> None:
    assert code(actor.get(f"/v1/links{query}")) == (400, "parameter-invalid")


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2026-3-1", "20260301", "2026-03-01T00:00:00Z", "2026-03-01%0A"]
)
def test_a_day_that_is_none_is_refused(actor: Actor, day: str) -> None:
    assert code(actor.get(f"/v1/records?business_day={day}")) == (400, "parameter-invalid")


@pytest.mark.parametrize("record_id", ["short", "a%2Fbcdefghijklmnop", "aaaaaaaaaaaaaaaa%0A", "%C3%A9" * 16])
def test_a_record_id_that_is_none_is_refused(actor: Actor, record_id: str) -> None:
    assert code(actor.get(f"/v1/records/{record_id}")) == (400, "parameter-invalid")


@pytest.mark.parametrize(
    "path", ["/v1/links/", "/v1//links", "/v1/LINKS", "/v1/%6Cinks", "/v1/x", "/", "/v1/links/../scenario"]
)
def test_an_address_has_one_spelling(actor: Actor, path: str) -> None:
    assert raw_status(actor, f"GET {urlsplit(actor.issuer).path}{path} HTTP/1.1") == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/v1/links"), ("POST", "/jwks"), ("GET", "/oauth/token"), ("HEAD", "/v1/events")],
)
def test_another_method_is_refused_with_those_that_are_allowed(actor: Actor, method: str, path: str) -> None:
    response = httpx.request(method, actor.issuer + path)
    assert response.status_code == 405
    assert response.headers["allow"] == ("GET" if method != "GET" else "POST")


@pytest.mark.parametrize("field", sorted(set(SINGLE) - {"content-length", "host", "content-encoding"}))
def test_a_repeated_field_is_refused(actor: Actor, pv_day: Callable[..., Any], field: str) -> None:
    body = json.dumps({"records": [pv_day()]}).encode()
    sound = actor.signed("POST", "/v1/activity-batches", body=body, key='"key-key-key-key-key"')
    response = actor.send(sound.with_headers([(field, sound.header(field) or "")]), receipt=False)
    assert code(response) == (400, "parameter-invalid")
    assert response.json()["errors"][0]["pointer"] == f"/header/{field}"


def test_two_hosts_are_refused(actor: Actor) -> None:
    line = f"GET {urlsplit(actor.issuer).path}/v1/links HTTP/1.1\r\nHost: other.example"
    assert raw_status(actor, line) == 400


def test_the_host_field_does_not_choose_the_address(actor: Actor) -> None:
    sound = actor.signed("GET", "/v1/scenario")
    assert actor.send(sound.with_headers([("host", "other.example")])).status_code == 200


@pytest.mark.parametrize(
    ("content_type", "fields", "status"),
    [
        ("text/plain", (), 415),
        ("application/json; charset=gbk", (), 415),
        ("application/jsonp", (), 415),
        ("application/json", (("content-encoding", "gzip"),), 415),
        ("Application/JSON; charset=UTF-8", (), 422),
    ],
)
def test_another_media_type_or_coding_is_refused(
    actor: Actor, content_type: str, fields: tuple[tuple[str, str], ...], status: int
) -> None:
    response = actor.submit(body=b'{"records":[]}', content_type=content_type, fields=fields)
    assert response.status_code == status


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{", "invalid-json"),
        (b'{"records":[1],"records":[1]}', "invalid-json"),
        (b'{"records":[NaN]}', "invalid-json"),
        (b'\xef\xbb\xbf{"records":[1]}', "invalid-json"),
        (b'{"records":["\xff"]}', "invalid-json"),
        (b'{"records":["\\ud800"]}', "invalid-json"),
        (b'{"records":[1]}{}', "invalid-json"),
        (b'{"records":' + b"[" * 40 + b"]" * 40 + b"}", "limit-exceeded"),
        (b'{"records":["' + b"x" * 1025 + b'"]}', "limit-exceeded"),
        (b"[]", "schema-violation"),
        (b'{"records":[]}', "schema-violation"),
        (b'{"records":{}}', "schema-violation"),
        (b'{"records":[1],"more":1}', "schema-violation"),
        (b"{}", "schema-violation"),
    ],
)
def test_a_body_that_is_not_as_specified_is_refused(actor: Actor, body: bytes, expected: str) -> None:
    assert actor.submit(body=body).json()["code"] == expected
    assert actor.conduct("GET", "/state")["answered"]["rejected"] == 0


def test_an_unknown_member_is_named_by_its_place(actor: Actor) -> None:
    errors = actor.submit(body=b'{"records":[1],"extra":1}').json()["errors"]
    assert [(each["pointer"], each["code"]) for each in errors] == [("/extra", "additionalProperties")]


def test_a_refusal_repeats_nothing_of_what_was_sent(actor: Actor, pv_day: Callable[..., Any]) -> None:
    told = [
        actor.submit(body=f'{{"records":[1],"{CANARY}":1}}'.encode()),
        actor.get(f"/v1/links?{CANARY}=1"),
        actor.get(f"/v1/links?limit={CANARY}x"),
        actor.get(f"/v1/records/{CANARY}%20"),
        actor.submit(pv_day(device_id=CANARY), pv_day(**{f"x{CANARY}": "1"}), pv_day(link_id=CANARY)),
        actor.submit(pv_day(), key=f'"{CANARY}"'),
    ]
    for response in told:
        assert CANARY not in response.text
        assert CANARY not in str(response.headers)


def test_bytes_beyond_ascii_in_an_address_are_refused(actor: Actor) -> None:
    parts = urlsplit(actor.issuer)
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as connection:
        line = f"GET {parts.path}/jwks?x=\u00ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        connection.sendall(line.encode("latin-1"))
        assert connection.makefile("rb").readline().split()[1] == b"400"


def test_the_limits_are_the_tenants_own(new_actor: Callable[..., Actor], pv_day: Callable[..., Any]) -> None:
    actor = new_actor(limits={"batch_max_records": 2, "body_max_bytes": 4000, "header_max_bytes": 2000})
    assert actor.submit(pv_day(), pv_day()).status_code == 200
    assert code(actor.submit(pv_day(), pv_day(), pv_day())) == (413, "limit-exceeded")
    assert code(actor.submit(body=b" " * 4001)) == (413, "limit-exceeded")
    assert code(actor.get("/v1/links", fields=[("x-long", "x" * 2000)])) == (413, "limit-exceeded")
    assert actor.exchanges("submitBatch")[-1]["problem"] == "limit-exceeded"


def test_nobody_lives_at_an_unknown_tenant(server: Any) -> None:
    response = httpx.get(f"{server.url}/t/nobody/jwks")
    assert code(response) == (404, "not-found")
    assert "date" in response.headers


def raw_status(actor: Actor, first_line: str) -> int:
    """The status that answers these bytes, sent as no HTTP library would."""
    parts = urlsplit(actor.issuer)
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as connection:
        connection.sendall(f"{first_line}\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        return int(connection.makefile("rb").readline().split()[1])
