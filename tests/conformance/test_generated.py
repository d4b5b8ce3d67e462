"""Generated requests: signed, repeatable, and honest about servers that answer nothing."""

from __future__ import annotations

import socket
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from tanpuhui.conformance.generated import NO_ANSWER, GeneratedCase, Target, generate
from tanpuhui.spec.document import document, operations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tanpuhui.spec.message import HttpRequest

HEALTHY = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"


@contextmanager
def a_server(answer: Callable[[int], bytes]) -> Iterator[str]:
    """Answers the n-th connection with raw bytes, or closes it where there are none."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        thread = threading.Thread(target=_serve, args=(listening, answer), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def _serve(listening: socket.socket, answer: Callable[[int], bytes]) -> None:
    for number in range(10_000):
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        with connection:
            connection.recv(65536)
            connection.sendall(answer(number))


def played(
    url: str, seed: int = 7, sign: Callable[[HttpRequest], HttpRequest] = lambda it: it
) -> list[GeneratedCase]:
    return list(generate(document("scenario"), Target(url, sign, 2.0), seed=seed))


@pytest.mark.parametrize("nonsense", [b"", b"hello\r\n\r\n"])
def test_a_server_that_does_not_answer_fails_and_the_kit_goes_on(nonsense: bytes) -> None:
    with a_server(lambda _: nonsense) as url:
        cases = played(url)
    assert cases
    assert all(case.response is None and case.failures == (NO_ANSWER,) for case in cases)


def test_a_server_that_accepts_everything_is_told_so() -> None:
    with a_server(lambda _: HEALTHY) as url:
        cases = played(url)
    found = {failure.check for case in cases for failure in case.failures}
    assert {"negative_data_rejection", "ignored_auth"} <= found
    assert {case.operation for case in cases} == {
        one.operation_id for one in operations(document("scenario"))
    }


def test_the_same_seed_makes_the_same_requests() -> None:
    with a_server(lambda _: HEALTHY) as url:
        first, again = played(url), played(url)
    assert _requests(first) == _requests(again)


def test_nothing_is_left_in_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "users").mkdir()
    monkeypatch.chdir(tmp_path / "users")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("HYPOTHESIS_STORAGE_DIRECTORY", raising=False)
    try:
        with a_server(lambda _: HEALTHY) as url:
            played(url)
    finally:
        set_hypothesis_home_dir(None)
    assert list((tmp_path / "users").iterdir()) == []


def test_every_request_is_signed_after_all_else() -> None:
    seen: list[HttpRequest] = []

    def sign(request: HttpRequest) -> HttpRequest:
        seen.append(request)
        return request.with_headers([("signature", f"mine-{len(seen)}")])

    with a_server(lambda _: HEALTHY) as url:
        cases = played(url, sign=sign)
    signed = [(case.request.header("signature") or "", case.request.body) for case in cases]
    mine = [(int(name.removeprefix("mine-")), body) for name, body in signed if name.startswith("mine-")]
    assert mine
    assert all(seen[number - 1].body == body for number, body in mine)


def _requests(cases: list[GeneratedCase]) -> list[Any]:
    return [(case.request.method, case.request.url.rsplit(":", 1)[1], case.request.body) for case in cases]
