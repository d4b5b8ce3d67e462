"""Keeps a platform's place on a shared database, and takes it again when the database was away."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Self

import psycopg

from tanpuhui.mock_platform.state.place import Occupied, Place, PlaceLost
from tanpuhui.mock_platform.state.store import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

_LOOK_SECONDS, _AGAIN_SECONDS = 0.5, 0.1
_PATIENCE_SECONDS = 5.0  # a platform that has just been killed leaves within that time


class Keeper:
    """Stays connected while the platform runs; `back` hears that the place was taken again, `ousted` that it is lost."""

    def __init__(
        self,
        db: str,
        *,
        back: Callable[[], object] = lambda: None,
        ousted: Callable[[], object] = lambda: None,
    ) -> None:
        self.place = Place.new()
        self._db, self._back, self._ousted = db, back, ousted
        self._ending, self._lost = threading.Event(), False
        self._connection = self._first()

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._keep, name="tph-keeper", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._thread.join()
        self._connection.close()
        if self._lost:
            raise PlaceLost(self._db)

    def _first(self) -> psycopg.Connection[Any]:
        end = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                return self._connected()
            except psycopg.Error:
                raise StoreUnavailable(self._db) from None
            except Occupied:
                if time.monotonic() > end:
                    raise StoreUnavailable(self._db) from None
            self._ending.wait(_AGAIN_SECONDS)

    def _connected(self) -> psycopg.Connection[Any]:
        connection = psycopg.connect(self._db, autocommit=True)
        self.place.hold(connection)
        return connection

    def _keep(self) -> None:
        while not self._ending.is_set():
            try:
                for _ in self._connection.notifies(timeout=_LOOK_SECONDS):  # nobody sends any: this waits
                    pass
            except psycopg.Error:
                self._take_again()

    def _take_again(self) -> None:
        self._connection.close()
        while not self._ending.wait(_AGAIN_SECONDS):
            try:
                self._connection = self._connected()
            except psycopg.Error:
                continue
            except Occupied:
                self._lost = True
                self._ending.set()
                self._ousted()
            else:
                self._back()
                return
