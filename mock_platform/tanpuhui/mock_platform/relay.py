"""Carries the ringing of bells to the other workers of this platform, by PostgreSQL's LISTEN and NOTIFY."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import psycopg

from tanpuhui.mock_platform.state.writer import StoreLost

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from tanpuhui.mock_platform.rounds import Rounds
    from tanpuhui.mock_platform.running import Platform

_CHANNEL = "tph_bells"
_AGAIN_SECONDS = 0.2


class Relay:
    """Tells the others what rings here and rings here what they tell; the staff works for whoever it is about."""

    def __init__(self, db: str, platform: Platform, staff: Sequence[Rounds]) -> None:
        self._db = db
        self._platform = platform
        self._staff = staff
        self._told: asyncio.Queue[str] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        for name, bell in self._platform.bells.items():
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
        while True:
            try:
                await self._relay(listening)
            except* (psycopg.OperationalError, StoreLost):
                await asyncio.sleep(_AGAIN_SECONDS)

    async def _relay(self, listening: asyncio.Event) -> None:
        async with await self._connected() as speaker, await self._connected() as listener:
            await listener.execute(f"LISTEN {_CHANNEL}")
            await self._catch_up()
            listening.set()
            async with asyncio.TaskGroup() as both:
                both.create_task(self._speak(speaker))
                both.create_task(self._listen(listener, speaker.info.backend_pid))

    async def _catch_up(self) -> None:
        """Nobody knows what was told while nobody listened here: everyone looks again, at new tenants too."""
        await self._platform.store.run(self._platform.tenants.load)
        for tenant in self._platform.tenants:
            self._employ(tenant)
        self._platform.look_again()

    def _employ(self, tenant: str) -> None:
        for each in self._staff:
            each.employ(tenant)

    async def _connected(self) -> psycopg.AsyncConnection[Any]:
        return await psycopg.AsyncConnection.connect(self._db, autocommit=True)

    async def _speak(self, speaker: psycopg.AsyncConnection[Any]) -> None:
        while True:
            news = {await self._told.get()}
            while not self._told.empty():
                news.add(self._told.get_nowait())
            try:
                for each in news:
                    await speaker.execute("SELECT pg_notify(%s, %s)", (_CHANNEL, each))
            except psycopg.OperationalError:
                for each in news:  # the others may be listening still
                    self._told.put_nowait(each)
                raise

    async def _listen(self, listener: psycopg.AsyncConnection[Any], own: int) -> None:
        async for notice in listener.notifies():
            if notice.pid != own:
                name, _, tenant = notice.payload.partition(":")
                self._employ(tenant)
                self._platform.bells[name].hear(tenant)
