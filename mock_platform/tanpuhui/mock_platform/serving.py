"""Runs the platform on loopback, in a thread of its own: for tests, for the judge and for `tph mock`."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Self

import uvicorn

from tanpuhui.mock_platform.app import platform_app
from tanpuhui.mock_platform.bulk.clerk import Clerk
from tanpuhui.mock_platform.control.app import control_app
from tanpuhui.mock_platform.courier import Courier
from tanpuhui.mock_platform.interface.idempotency import forget_claims
from tanpuhui.mock_platform.interface.operations import operations
from tanpuhui.mock_platform.interface.protocol import CuttableProtocol
from tanpuhui.mock_platform.premises import HOST, bound, placed
from tanpuhui.mock_platform.reporter import Reporter
from tanpuhui.mock_platform.running import AS_USUAL, Platform
from tanpuhui.mock_platform.service import Service
from tanpuhui.mock_platform.state.store import Store
from tanpuhui.mock_platform.state.tenants import Tenants

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

    from starlette.types import ASGIApp, Receive, Scope, Send

    from tanpuhui.mock_platform.rounds import Rounds
    from tanpuhui.mock_platform.running import Pace
    from tanpuhui.mock_platform.state.place import Place

_GRACE_SECONDS = 2
_KEEP_ALIVE_SECONDS = 75
_BESIDE = 2  # threads that prepare long requests: more only take turns with the writer for the interpreter
_SWITCH_SECONDS = 0.0005  # the writer comes back from every statement and waits for its turn
_GARBAGE = (100_000, 20, 50)  # a batch makes thousands of objects, none of them in circles


@dataclass(frozen=True, slots=True)
class Worker:
    """One of several processes that serve the same platform; the first also does what is done once."""

    index: int
    place: Place | None


class PlatformServer:
    """A running platform: `url` for scenarios, `control_url` for whoever conducts the run."""

    def __init__(
        self,
        db: str | None = None,
        port: int = 0,
        control_port: int = 0,
        *,
        pace: Pace = AS_USUAL,
        worker: Worker | None = None,
        ousted: Callable[[], object] = lambda: None,
    ) -> None:
        self._pace = pace
        self._db, self._worker = db, worker
        self._stop: Callable[[], object] = lambda: None
        self._look_again: Callable[[], object] = lambda: None
        with ExitStack() as opening:
            self._store = opening.enter_context(closing(self._opened(opening, ousted)))
            self._sockets = bound((port, control_port), shared=worker is not None)
            self.url, self.control_url = (f"http://{HOST}:{each.getsockname()[1]}" for each in self._sockets)
            self._tenants = Tenants(self.url, lambda: datetime.now(UTC))
            self._store.run_now(self._tenants.load)
            self._store.run_now(partial(forget_claims, worker=self._index))
            self._open = opening.pop_all()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="tph-platform")
        self._ready = threading.Event()

    def _opened(self, opening: ExitStack, ousted: Callable[[], object]) -> Store:
        """The database: a worker's place there is kept for it, a single platform keeps its own."""
        if self._worker is not None:
            return Store(self._db, self._worker.place, first=False)
        keeping = placed(self._db, back=self._come_back, ousted=ousted)
        return Store(self._db, opening.enter_context(keeping))

    def _come_back(self) -> None:
        """The database was away: everyone looks again, if they are at work yet."""
        self._look_again()

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
        with self._open:
            self._running.result()  # what went wrong inside, if anything did

    @property
    def _index(self) -> int:
        return 0 if self._worker is None else self._worker.index

    async def _serve(self) -> None:
        operations()  # compiled before the first request comes
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_BESIDE, "tph-beside"))
        service = Service(self._tenants, _new_id, self._index)
        platform = Platform(self._store, self._tenants, service, _new_id, self._pace)
        staff = self._staff(platform)
        async with AsyncExitStack() as working:
            for each in staff:
                await working.enter_async_context(each)
            if self._worker is not None and self._db is not None:
                from tanpuhui.mock_platform.relay import Relay  # noqa: PLC0415  # only where several work

                await working.enter_async_context(Relay(self._db, platform, staff))
            server = _Server(_config(platform, staff, self._sockets[1].getsockname()[1]), self._ready)
            self._stop = _calling(asyncio.get_running_loop(), partial(_end, server, platform))
            self._look_again = _calling(asyncio.get_running_loop(), platform.look_again)
            await server.serve(sockets=list(self._sockets))
        await platform.wire.close()

    def _staff(self, platform: Platform) -> tuple[Rounds, ...]:
        """Those who work in the background, at the first worker only."""
        if self._index:
            return ()
        reporting = (Reporter(platform),) if self._pace.reports_by_hour else ()
        return (Courier(platform), Clerk(platform), *reporting)


class _Server(uvicorn.Server):
    """uvicorn that says when it listens."""

    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()


def _end(server: uvicorn.Server, platform: Platform) -> None:
    platform.entries.close()
    server.should_exit = True


def _calling(loop: asyncio.AbstractEventLoop, act: Callable[[], None]) -> Callable[[], object]:
    """The same for other threads, and nothing once the loop has ended."""

    def call() -> None:
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(act)

    return call


def _config(platform: Platform, staff: Sequence[Rounds], control_port: int) -> uvicorn.Config:
    return uvicorn.Config(
        _both(platform_app(platform), control_app(platform, staff), control_port),
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


@contextmanager
def settled_process() -> Iterator[None]:
    """For a process that does nothing but serve: short turns, and nothing that is there is looked through as garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE)
    sys.setswitchinterval(_SWITCH_SECONDS)
    yield
    gc.unfreeze()


def _new_id() -> str:
    return str(uuid.uuid4())
