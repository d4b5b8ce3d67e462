"""Serves a scenario over HTTP: its interface for the platform and, in test environments, its testbed."""

from __future__ import annotations

import socket
from threading import Thread
from typing import TYPE_CHECKING, Self

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from tanpuhui.reference_client.callbacks import callbacks
from tanpuhui.reference_client.testbed import testbed

if TYPE_CHECKING:
    from types import TracebackType

    from tanpuhui.reference_client.scenario import Scenario

HOST = "127.0.0.1"
TESTBED_PATH = "/testbed"
_GRACE_SECONDS = 1


class ScenarioServer:
    """Listens on loopback as soon as it is made; serves in a thread, or in the foreground."""

    def __init__(
        self,
        scenario: Scenario,
        port: int = 0,
        *,
        with_testbed: bool = True,
        testbed_token: str | None = None,
        base_url: str | None = None,
    ) -> None:
        self.scenario = scenario
        self._socket = _listening(port)
        here = f"http://{HOST}:{self._socket.getsockname()[1]}"
        self.base_url = base_url or here
        self.testbed_url = here + TESTBED_PATH if with_testbed else None
        self._server = uvicorn.Server(_config(self._application(testbed_token)))
        self._thread = Thread(target=self.run, name="tanpuhui-scenario", daemon=True)

    def run(self) -> None:
        """Serves until it is told to stop."""
        self._server.run(sockets=[self._socket])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def _application(self, testbed_token: str | None) -> Starlette:
        mounts = [Mount("/", callbacks(self.scenario, lambda: self.base_url))]
        if self.testbed_url is not None:
            bed = testbed(self.scenario, lambda: self.base_url, testbed_token)
            mounts.insert(0, Mount(TESTBED_PATH, bed))
        return Starlette(routes=mounts)


def _listening(port: int) -> socket.socket:
    # asyncio turns Nagle off only for sockets that say that they are TCP: 40 ms per exchange
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind((HOST, port))
    found.listen()
    return found


def _config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
