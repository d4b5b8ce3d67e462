"""Where the platform listens: answers leave at once, in one piece or in several."""

from __future__ import annotations

import asyncio
import socket

import pytest

from tanpuhui.mock_platform.premises import bound


@pytest.mark.parametrize("shared", [False, True])
def test_no_answer_waits_for_the_other_side_to_acknowledge_its_first_piece(shared: bool) -> None:
    async def at_once(listener: socket.socket) -> int:
        heard: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            taken = writer.get_extra_info("socket")
            heard.set_result(taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        async with await asyncio.start_server(connected, sock=listener):
            _, writer = await asyncio.open_connection(*listener.getsockname())
            writer.close()
            return await heard

    for listener in bound((0, 0), shared=shared):
        assert asyncio.run(at_once(listener))
