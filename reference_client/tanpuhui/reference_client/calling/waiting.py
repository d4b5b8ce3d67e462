"""Waiting that can be cut short: a pause of an hour must not outlive the wish to stop."""

from __future__ import annotations

from threading import Event

from tanpuhui.reference_client.calling.errors import Stopped

_LONGEST_SECONDS = 86_400.0
"""A platform may ask for any pause; the machine's timer takes it day by day."""


class Waiter:
    """Keeps pauses until it is stopped."""

    def __init__(self) -> None:
        self._stopped = Event()

    @property
    def stopped(self) -> bool:
        """Whether the wish to stop was uttered."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """Ends every pause, this one and those to come."""
        self._stopped.set()

    def __call__(self, seconds: float) -> None:
        """Returns when the pause is over."""
        left = max(seconds, 0.0)
        while not self._stopped.wait(min(left, _LONGEST_SECONDS)):
            left -= _LONGEST_SECONDS
            if left <= 0:
                return
        raise Stopped
