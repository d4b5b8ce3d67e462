"""What a platform stands on: its place on the database, and the ports that it listens to."""

from __future__ import annotations

import socket
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from tanpuhui.mock_platform.state.database import is_shared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tanpuhui.mock_platform.state.place import Place

HOST = "127.0.0.1"


@contextmanager
def placed(
    db: str | None, back: Callable[[], object], ousted: Callable[[], object]
) -> Iterator[Place | None]:
    """The place on a shared database, kept while the context lasts; a database that is not shared has none."""
    if db is None or not is_shared(db):
        yield None
        return
    from tanpuhui.mock_platform.state.keeper import Keeper  # noqa: PLC0415  # only where others may come

    with Keeper(db, back=back, ousted=ousted) as keeper:
        yield keeper.place


def bound(ports: tuple[int, int], *, shared: bool) -> tuple[socket.socket, ...]:
    """Sockets that hold these ports, or none of them; shared ones let other workers hold them as well."""
    with ExitStack() as opened:
        # asyncio turns Nagle off only for sockets that say that they are TCP: 40 ms per exchange
        kind = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        sockets = tuple(opened.enter_context(socket.socket(*kind)) for _ in ports)
        for listener, port in zip(sockets, ports, strict=True):
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if shared:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            listener.bind((HOST, port))
        opened.pop_all()
    return sockets
