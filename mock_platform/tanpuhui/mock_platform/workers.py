"""Several processes serve one platform on one pair of ports, over one PostgreSQL; who dies is replaced."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Self

from tanpuhui.mock_platform.premises import HOST, bound, placed
from tanpuhui.mock_platform.serving import PlatformServer, Worker, settled_memory
from tanpuhui.mock_platform.state.store import Store, StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.process import BaseProcess
    from multiprocessing.synchronize import Event
    from types import TracebackType


_SPAWN = multiprocessing.get_context("spawn")
_AGAIN_SECONDS = 1.0


class WorkerLost(RuntimeError):
    """工作进程未能启动 / A worker ended before it could serve."""

    def __init__(self) -> None:
        super().__init__("工作进程未能启动，见上文 / a worker ended before it could serve; see above")


@dataclass(frozen=True, slots=True)
class _Post:
    """One worker's place, and the process that holds it now."""

    worker: Worker
    process: BaseProcess
    ready: Event


class Workers:
    """The platform as N processes; the kernel spreads connections over them, and this one keeps their place."""

    def __init__(
        self,
        db: str,
        port: int,
        control_port: int,
        count: int,
        *,
        ousted: Callable[[], object] = lambda: None,
    ) -> None:
        with ExitStack() as opening:
            self._place = opening.enter_context(placed(db, back=lambda: None, ousted=ousted))
            Store(db, self._place).close()  # makes the tables
            sockets = [opening.enter_context(each) for each in bound((port, control_port), shared=True)]
            self._open = opening.pop_all()
        self._db, self._count = db, count
        self._ports = tuple(each.getsockname()[1] for each in sockets)
        self.url, self.control_url = (f"http://{HOST}:{each}" for each in self._ports)
        self._posts: list[_Post] = []
        self._ending = threading.Event()

    def __enter__(self) -> Self:
        self._posts = [self._fill(Worker(index, self._place)) for index in range(self._count)]
        for post in self._posts:
            while not post.ready.wait(0.1):
                if not post.process.is_alive():
                    self.__exit__(None, None, None)
                    raise WorkerLost
        self._watch = threading.Thread(target=self._replace_the_dead, name="tph-workers", daemon=True)
        self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        for post in self._posts:
            post.process.terminate()
        for post in self._posts:
            post.process.join()
        self._open.close()

    def _fill(self, worker: Worker) -> _Post:
        ready = _SPAWN.Event()
        process = _SPAWN.Process(target=_work, args=(self._db, self._ports, worker, ready), daemon=True)
        process.start()
        return _Post(worker, process, ready)

    def _replace_the_dead(self) -> None:
        while not self._ending.is_set():
            ended = wait([post.process.sentinel for post in self._posts], timeout=0.1)
            if ended and not self._ending.is_set():
                self._posts = [
                    self._fill(post.worker) if post.process.sentinel in ended else post
                    for post in self._posts
                ]


def _work(db: str, ports: tuple[int, int], worker: Worker, ready: Event) -> None:
    """One worker until it is told to stop, or until nobody is left who could."""
    stop = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    threading.Thread(target=_outlive_nobody, args=(stop,), daemon=True).start()
    try:
        server = PlatformServer(db, *ports, worker=worker)
    except StoreUnavailable as error:  # perhaps for a while only: whoever takes the post next will see
        stop.wait(_AGAIN_SECONDS)
        raise SystemExit(str(error)) from None
    with server, settled_memory():
        ready.set()
        stop.wait()


def _outlive_nobody(stop: threading.Event) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        stop.set()
