"""One thread that works whenever there is something to do, so that nothing is ever sent twice at once."""

from __future__ import annotations

from threading import Condition, Thread
from typing import TYPE_CHECKING

from tanpuhui.reference_client.calling.errors import Stopped

if TYPE_CHECKING:
    from collections.abc import Callable


class Worker:
    """Sleeps until it is wanted; being wanted twice while it works means one more round."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._changed = Condition()
        self._wanted = self._busy = self._ended = False
        self._thread = Thread(target=self._run, name="tanpuhui-sender", daemon=True)
        self._thread.start()

    @property
    def idle(self) -> bool:
        """Nothing is being done and nothing is asked for."""
        with self._changed:
            return self._idle()

    def want(self) -> None:
        """Asks for a round of work."""
        with self._changed:
            self._wanted = True
            self._changed.notify_all()

    def wait_idle(self, seconds: float) -> bool:
        """Waits until there is nothing to do; False where the time was too short."""
        with self._changed:
            return self._changed.wait_for(self._idle, seconds)

    def end(self, seconds: float) -> None:
        """Lets the present round end, whose waiting the caller has cut short, and no other begin."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        self._thread.join(seconds)

    def _idle(self) -> bool:
        return self._ended or not (self._wanted or self._busy)

    def _run(self) -> None:
        while self._next():
            try:
                self._work()
            except Stopped:
                return
            finally:
                with self._changed:
                    self._busy = False
                    self._changed.notify_all()

    def _next(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._wanted or self._ended)
            self._wanted, self._busy = False, not self._ended
            return self._busy
