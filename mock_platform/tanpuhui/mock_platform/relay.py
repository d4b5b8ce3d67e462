"""Carries the ringing of bells to the other workers of this platform, by PostgreSQL's LISTEN and NOTIFY."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import psycopg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from tanpuhui.mock_platform.bell import Bell

_CHANNEL = "tph_bells"
_AGAIN_SECONDS = 0.2


class Relay:
    """Tells the others what rings here and rings here what they tell; `news` hears for which tenant."""

    def __init__(self, db: str, bells: Mapping[str, Bell], news: Callable[[str], object]) -> None:
        self._db = db
        self._bells = bells
        self._news = news
        self._told: asyncio.Queue[str] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        for name, bell in self._bells.items():
            bell.tell = partial(self._tell, name)
        listening = asyncio.Event()
        self._task = asyncio.create_task(self._keep_going(listening), name="relay")
        await listening.wait()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    def _tell(self, bell: str, tenant: str) -> None:
        self._told.put_nowait(f"{bell}:{tenant}")

    async def _keep_going(self, listening: asyncio.Event) -> None:
        """After a break nobody knows what was missed: everyone looks again."""
        while True:
            try:
                await self._relay(listening)
            except* psycopg.OperationalError:
                await asyncio.sleep(_AGAIN_SECONDS)
            for bell in self._bells.values():
                bell.hear_all()

    async def _relay(self, listening: asyncio.Event) -> None:
        async with await self._connected() as speaker, await self._connected() as listener:
            await listener.execute(f"LISTEN {_CHANNEL}")
            listening.set()
            async with asyncio.TaskGroup() as both:
                both.create_task(self._speak(speaker))
                both.create_task(self._listen(listener, speaker.info.backend_pid))

    async def _connected(self) -> psycopg.AsyncConnection[Any]:
        return await psycopg.AsyncConnection.connect(self._db, autocommit=True)

    async def _speak(self, speaker: psycopg.AsyncConnection[Any]) -> None:
        while True:
            news = {await self._told.get()}
            while not self._told.empty():
                news.add(self._told.get_nowait())
            for each in news:
                await speaker.execute("SELECT pg_notify(%s, %s)", (_CHANNEL, each))

    async def _listen(self, listener: psycopg.AsyncConnection[Any], own: int) -> None:
        async for notice in listener.notifies():
            if notice.pid != own:
                name, _, tenant = notice.payload.partition(":")
                self._news(tenant)
                self._bells[name].hear(tenant)
