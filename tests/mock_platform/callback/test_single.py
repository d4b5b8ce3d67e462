"""Single requests to the scenario, as the platform would send them or as nobody should."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from tanpuhui.spec.limits import default_times
from tanpuhui.spec.signing import EVENT_TAG, SignatureRefused, verify_request

if TYPE_CHECKING:
    from platform_receiver import Receiver
    from tests.mock_platform.conftest import Actor

    from tanpuhui.spec.message import HttpRequest


def verify(actor: Actor, request: HttpRequest) -> None:
    now, times = actor.now(), default_times()
    verify_request(request, actor.keys, now=now, tag=EVENT_TAG, times=times, token_bound=False)


def test_one_request_is_sent_as_the_platform_would(called: Actor, receiver: Receiver) -> None:
    answer = called.conduct("POST", "/deliver", event={"specversion": "1.0"}, sign={"nonce": "n-1"})
    assert (answer["status"], receiver.got[-1].body) == (204, b'{"specversion":"1.0"}')
    called.conduct("POST", "/deliver", method="GET", url="/v1/health")
    assert [(request.method, request.url) for request in receiver.got[1:]] == [
        ("GET", f"{receiver.url}/v1/health")
    ]
    for request in receiver.got:
        verify(called, request)
    assert [len(called.exchanges(name)) for name in ("receiveEvent", "getHealth")] == [1, 1]


@pytest.mark.parametrize(
    ("sign", "code"),
    [
        ({"key": "none"}, "signature-missing"),
        ({"key": "foreign"}, "signature-invalid"),
        ({"created_offset_seconds": -120}, "signature-expired"),
        ({"tamper": True}, "digest-mismatch"),
    ],
)
def test_one_request_is_sent_as_nobody_should(
    called: Actor, receiver: Receiver, sign: dict[str, Any], code: str
) -> None:
    body = base64.b64encode(b"{}").decode()
    called.conduct("POST", "/deliver", body_b64=body, sign=sign, headers=[["x-mark", "1"]])
    (request,) = receiver.got
    assert request.header("x-mark") == "1"
    with pytest.raises(SignatureRefused) as refused:
        verify(called, request)
    assert refused.value.code == code


def test_a_request_goes_to_this_machine_only(actor: Actor) -> None:
    place = f"/tenants/{actor.tenant}/deliver"
    for url in ("http://example.com/v1/events", "https://[2002:7f00:1::]/x", "http://2130706433/"):
        response = actor.control.post(place, json={"url": url})
        assert (response.status_code, "127.0.0.1" in response.json()["detail"]) == (422, True)


def test_a_request_that_nobody_answers_says_so(actor: Actor) -> None:
    answer = actor.conduct("POST", "/deliver", method="GET", url="http://127.0.0.1:9/v1/health")
    assert (answer["status"], answer["failure"]) == (None, "connection")
