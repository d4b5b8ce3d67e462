"""One thread with one connection: what waits is performed in turn, as much as fits in one commit."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from sqlalchemy import Connection

Result = TypeVar("Result")
_MOST_TOGETHER = 64


class StoreLost(Exception):
    """数据库暂时连不上 / The database is out of reach for now; whether the last commit came through is unknown."""

    def __init__(self) -> None:
        super().__init__("数据库暂时连不上，稍后再试 / the database is out of reach, try again later")


class Caught:
    """Keeps whatever goes wrong inside for the one who asked; the writer itself goes on."""

    error: BaseException | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self.error = error
        return True


@dataclass(slots=True)
class Job(Generic[Result]):
    """A unit of work, what it is about, and what came of it: told to nobody before its commit."""

    unit: Callable[[Connection], Result]
    about: str
    future: Future[Result] = field(default_factory=Future)
    result: Result | None = None
    error: BaseException | None = None

    def perform(self, connection: Connection) -> None:
        """Perform the unit in a transaction that is its own."""
        self.result = self.unit(connection)

    def perform_in_company(self, connection: Connection) -> None:
        """Perform the unit among others: what goes wrong is undone to its savepoint and spoils no other."""
        caught = Caught()
        with caught, connection.begin_nested():
            self.result = self.unit(connection)
        self.error = caught.error

    def tell(self, lost: StoreLost | None, failed: BaseException | None) -> None:
        """Let the one who asked go on: with the result, or with what went wrong in the unit or its commit."""
        error = lost or self.error or failed
        if error is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(self.result)  # type: ignore[arg-type]  # performed: it is there


class Writer:
    """Performs jobs in the order of arrival; jobs of one commit are about one thing, unless `mixed`."""

    def __init__(self, connection: Connection, name: str, *, mixed: bool) -> None:
        self._connection = connection
        self._mixed = mixed
        self._waiting: deque[Job[Any] | None] = deque()
        self._arrived = threading.Condition()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def submit(self, unit: Callable[[Connection], Result], about: str) -> Future[Result]:
        """Put a unit into the queue."""
        job = Job(unit, about)
        self._put(job)
        return job.future

    def close(self) -> None:
        """Finish what is queued and close the connection."""
        self._put(None)
        self._thread.join()
        self._connection.close()

    def _put(self, job: Job[Any] | None) -> None:
        with self._arrived:
            self._waiting.append(job)
            self._arrived.notify()

    def _work(self) -> None:
        while group := self._next_group():
            wanted = [job for job in group if job.future.set_running_or_notify_cancel()]
            caught = Caught()
            with caught, self._connection.begin():
                self._perform(wanted)
            lost = StoreLost() if caught.error and self._connection.invalidated else None
            for job in wanted:
                job.tell(lost, caught.error)

    def _perform(self, group: list[Job[Any]]) -> None:
        if len(group) == 1:
            group[0].perform(self._connection)
            return
        for job in group:
            job.perform_in_company(self._connection)

    def _next_group(self) -> list[Job[Any]]:
        """What is committed together: the first that waits and those behind it that fit; nothing at the end."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._waiting)
            first = self._waiting.popleft()
            group = [] if first is None else [first]
            while group and len(group) < _MOST_TOGETHER and (job := self._fitting(group[0])):
                group.append(job)
        return group

    def _fitting(self, first: Job[Any]) -> Job[Any] | None:
        job = self._waiting[0] if self._waiting else None
        if job is None or not (self._mixed or job.about == first.about):
            return None
        return self._waiting.popleft()
