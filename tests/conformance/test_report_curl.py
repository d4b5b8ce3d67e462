"""The curl line: the shortest command that sends the same again, with nothing secret in it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from tanpuhui.conformance.report.curl import curl, path_of, signed

if TYPE_CHECKING:
    from conftest import ExchangeMaker


def words(command: str) -> list[str]:
    return shlex.split(command.replace("\\\n", " "))


def test_method_address_fields_and_body_are_those_of_the_request(an_exchange: ExchangeMaker) -> None:
    body = '{"note":"it\'s \\"quoted\\" $HOME"}'
    asked = an_exchange(
        body=body.encode(), headers=(("content-type", "application/json"),), direction="outbound"
    )
    told = words(curl(asked))
    assert told[:4] == ["curl", "-X", "POST", "http://127.0.0.1:8080/t/one/v1/activity-batches?debug=1"]
    assert told[4:] == ["-H", "content-type: application/json", "--data-binary", body]


def test_the_token_is_a_variable_and_the_signature_is_left_out(an_exchange: ExchangeMaker) -> None:
    fields = (
        ("authorization", "Bearer abc.def.ghi"),
        ("signature", "tph=:AA==:"),
        ("content-digest", "sha-256=:AA==:"),
    )
    exchange = an_exchange(headers=fields)
    command = curl(exchange)
    assert '-H "authorization: Bearer $TPH_TOKEN"' in command
    assert [part for part in ("abc.def", "AA==", "digest") if part in command] == []
    assert signed(exchange)


def test_a_long_body_comes_from_the_transcript(an_exchange: ExchangeMaker) -> None:
    command = curl(an_exchange(41, body=b"[" + b"1," * 500 + b"1]"))
    assert "select(.seq==41)" in command
    assert command.endswith("--data-binary @-")
    assert len(command) < 500


@pytest.mark.parametrize(("body", "decoded_by"), [(b"\xff\xfe", "| base64 -d |"), (b"a\x00b", "@base64d")])
def test_bytes_that_no_shell_can_hold_come_from_the_transcript(
    an_exchange: ExchangeMaker, body: bytes, decoded_by: str
) -> None:
    assert decoded_by in curl(an_exchange(body=body))


def test_personal_data_does_not_pass(an_exchange: ExchangeMaker) -> None:
    exchange = an_exchange(url="http://h/v1/x?phone=13800138000", body=b'{"phone":"13800138000"}')
    assert "13800138000" not in curl(exchange) + path_of(exchange)


def test_the_path_keeps_its_query_and_loses_host_and_tenant(an_exchange: ExchangeMaker) -> None:
    assert path_of(an_exchange()) == "/v1/activity-batches?debug=1"
    assert path_of(an_exchange(direction="outbound", url="http://h/t/one/v1/events")) == "/t/one/v1/events"


def test_the_platform_of_the_run_is_gone_and_left_to_be_filled_in(an_exchange: ExchangeMaker) -> None:
    assert words(curl(an_exchange()))[3] == "$TPH_PLATFORM/v1/activity-batches?debug=1"
