"""Runs the platform on loopback, in a thread of its own: for tests, for the judge and for `tph mock`."""

from __future__ import annotations

import asyncio
import socket
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

import uvicorn

from tanpuhui.mock_platform.app import platform_app
from tanpuhui.mock_platform.control.app import control_app
from tanpuhui.mock_platform.courier import Courier
from tanpuhui.mock_platform.operations import operations
from tanpuhui.mock_platform.protocol import CuttableProtocol
from tanpuhui.mock_platform.running import Platform
from tanpuhui.mock_platform.service import Service
from tanpuhui.mock_platform.store import Store
from tanpuhui.mock_platform.tenants import Tenants

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from starlette.types import ASGIApp, Receive, Scope, Send

HOST = "127.0.0.1"
_GRACE_SECONDS = 2
_KEEP_ALIVE_SECONDS = 75


class PlatformServer:
    """A running platform: `url` for scenarios, `control_url` for whoever conducts the run."""

    def __init__(self, db: str | None = None, port: int = 0, control_port: int = 0) -> None:
        self._store, self._sockets = _opened(db, port, control_port)
        self.url, self.control_url = (f"http://{HOST}:{each.getsockname()[1]}" for each in self._sockets)
        self._tenants = Tenants(self.url, lambda: datetime.now(UTC))
        self._store.run_now(self._tenants.load)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="tph-platform")
        self._ready = threading.Event()
        self._stop: Callable[[], object] = lambda: None

    def __enter__(self) -> Self:
        self._running = self._thread.submit(asyncio.run, self._serve())
        self._running.add_done_callback(lambda _: self._ready.set())
        self._ready.wait()
        if self._running.done():
            self._running.result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        self._thread.shutdown()
        self._store.close()
        self._running.result()  # what went wrong inside, if anything did

    async def _serve(self) -> None:
        operations()  # compiled before the first request comes
        platform = Platform(self._store, self._tenants, Service(self._tenants, _new_id), _new_id)
        async with Courier(platform) as courier:
            server = _Server(_config(platform, courier, self._sockets[1].getsockname()[1]), self._ready)
            self._stop = _stopper(asyncio.get_running_loop(), server, platform)
            await server.serve(sockets=self._sockets)
        await platform.wire.close()


class _Server(uvicorn.Server):
    """uvicorn that says when it listens."""

    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()


def _stopper(
    loop: asyncio.AbstractEventLoop, server: uvicorn.Server, platform: Platform
) -> Callable[[], object]:
    def stop() -> None:
        platform.entries.close()
        server.should_exit = True

    return lambda: loop.call_soon_threadsafe(stop)


def _config(platform: Platform, courier: Courier, control_port: int) -> uvicorn.Config:
    return uvicorn.Config(
        _both(platform_app(platform), control_app(platform, courier), control_port),
        http=CuttableProtocol,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


def _both(interface: ASGIApp, control: ASGIApp, control_port: int) -> ASGIApp:
    """One server for both applications, told apart by the port that the connection came to."""

    async def by_port(scope: Scope, receive: Receive, send: Send) -> None:
        chosen = control if scope["server"][1] == control_port else interface
        await chosen(scope, receive, send)

    return by_port


def _opened(db: str | None, *ports: int) -> tuple[Store, list[socket.socket]]:
    """The database and the listening ports, or none of them."""
    with ExitStack() as opened:
        store = opened.enter_context(closing(Store(db)))
        sockets = [
            opened.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP))
            for _ in ports
        ]
        for listener, port in zip(sockets, ports, strict=True):
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((HOST, port))
        opened.pop_all()
    return store, sockets


def _new_id() -> str:
    return str(uuid.uuid4())
