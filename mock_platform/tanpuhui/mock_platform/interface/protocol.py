"""A connection that can be cut, for faults that end it without a byte of an answer, and watched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

_EXTENSION = "tanpuhui.connection"


class CuttableProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol that shows the application its transport."""

    def on_message_begin(self) -> None:
        """Put the connection's end into the ASGI extensions of the request."""
        super().on_message_begin()
        self.scope["extensions"] = {
            _EXTENSION: {"cut": self.transport.abort, "gone": self.transport.is_closing}
        }


def gone(scope: MutableMapping[str, Any]) -> bool:
    """Whether the client has hung up meanwhile."""
    return bool(scope["extensions"][_EXTENSION]["gone"]())


async def cut(scope: MutableMapping[str, Any], receive: Callable[[], Any]) -> None:
    """Abort the request's connection and wait until the server has noticed, so that it sends nothing."""
    scope["extensions"][_EXTENSION]["cut"]()
    while (await receive())["type"] != "http.disconnect":
        pass
