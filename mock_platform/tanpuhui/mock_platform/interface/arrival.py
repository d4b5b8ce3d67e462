"""A body while it comes in: bounded before anything is parsed, in memory as long as it is short."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tanpuhui.spec.message import HttpRequest

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any

    from tanpuhui.mock_platform.interface.routing import Route
    from tanpuhui.spec.limits import Limits
    from tanpuhui.spec.message import Headers

NDJSON = "application/x-ndjson"
_HELD_BYTES = 1024 * 1024


class Arrival:
    """Takes in one body of at most so many bytes; what exceeds memory lies in a file until this is closed."""

    def __init__(self, most: int, held: int) -> None:
        self._most, self._most_held = most, held
        self._held = bytearray()
        self._size = 0
        self._file: Path | None = None

    @classmethod
    def for_route(cls, route: Route, limits: Limits) -> Self:
        """As the operation demands: uploads are long and may not be held as a whole."""
        if route.operation is not None and NDJSON in route.operation.bodies:
            return cls(limits.upload_max_bytes, _HELD_BYTES)
        return cls(limits.body_max_bytes, limits.body_max_bytes)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.unlink()

    @property
    def oversized(self) -> bool:
        """Whether the body is longer than advertised; then nothing of it counts."""
        return self._size > self._most

    async def complete(self, receive: Callable[[], Any]) -> None:
        """Take in everything that comes, or as much as shows that it is too much."""
        more = True
        while more and not self.oversized:
            message = await receive()
            self._take(message.get("body", b""))
            more = message.get("more_body", False)
        if self._file is not None:
            self._put_away()

    def request(self, method: str, url: str, headers: Headers) -> HttpRequest:
        """The request that bore the body."""
        if self.oversized:
            return HttpRequest(method, url, headers)
        return HttpRequest(method, url, headers, bytes(self._held), self._file)

    def _take(self, piece: bytes) -> None:
        self._size += len(piece)
        self._held += piece
        if self._most_held < len(self._held) and not self.oversized:
            self._put_away()

    def _put_away(self) -> None:
        if self._file is None:
            handle, name = tempfile.mkstemp(prefix="tph-upload-")
            os.close(handle)
            self._file = Path(name)
        with self._file.open("ab") as file:
            file.write(self._held)
        self._held.clear()
