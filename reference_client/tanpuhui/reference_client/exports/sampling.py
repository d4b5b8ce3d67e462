"""Some of many, evenly spread over all of them, whatever their number: what a median needs and no more."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Sampling(Generic[T]):
    """Keeps every item until there are too many, then every second, every fourth, and so on."""

    __slots__ = ("_most", "_seen", "_step", "kept")

    def __init__(self, most: int) -> None:
        self.kept: list[T] = []
        self._most, self._step, self._seen = most, 1, 0

    def take(self, item: T) -> None:
        """One more, kept or not."""
        if self._seen % self._step == 0:
            self.kept.append(item)
            if len(self.kept) > self._most:
                self.kept, self._step = self.kept[::2], self._step * 2
        self._seen += 1
