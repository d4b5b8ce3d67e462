"""Parts that behave otherwise than the reference bear witness whenever they do: what never acted proves nothing."""

from __future__ import annotations

from threading import Lock
from typing import ClassVar


class Witness:
    """Counts; several threads of one scenario may call it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.count = 0

    def saw(self) -> None:
        """Once more."""
        with self._lock:
            self.count += 1


class Witnessed:
    """Mixed into a part that acts otherwise."""

    witness: ClassVar[Witness] = Witness()

    def fired(self) -> None:
        """To be called wherever the part acts otherwise."""
        self.witness.saw()
