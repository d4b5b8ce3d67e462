"""A callback address that keeps what it gets and answers as it is told."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from tanpuhui.spec.message import HttpRequest, headers_of

if TYPE_CHECKING:
    from collections.abc import Iterator


class Receiver(ThreadingHTTPServer):
    """A callback address that keeps what it gets and answers as told: 204, or the next of `answers`.

    `arrived` counts what came; nothing is answered until `may_answer`.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Reception)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.got: list[HttpRequest] = []
        self.answers: list[int] = []
        self.arrived, self.may_answer = threading.Semaphore(0), threading.Event()
        self.may_answer.set()

    def events(self) -> list[int]:
        return [json.loads(request.body)["sequence"] for request in self.got]


class _Reception(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        url = self.server.url + self.path
        self.server.got.append(HttpRequest(self.command, url, headers_of(self.headers.items()), body))
        self.server.arrived.release()
        self.server.may_answer.wait()
        status = self.server.answers.pop(0) if self.server.answers else 204
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("location", self.server.url + "/elsewhere")
        self.send_header("content-length", "0")
        self.end_headers()

    do_GET = do_POST  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that serves while the context lasts."""
    with Receiver() as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()
