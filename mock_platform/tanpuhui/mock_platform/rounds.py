"""One background task per tenant, from the day it moves in until it moves out or the platform stops."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from tanpuhui.mock_platform.state.writer import StoreLost

if TYPE_CHECKING:
    from types import TracebackType

    from tanpuhui.mock_platform.running import Platform

_AGAIN_SECONDS = 0.5


class Rounds(ABC):
    """Someone who makes a round for each tenant until dismissed."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Self:
        for tenant in self.platform.tenants:
            self.employ(tenant)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for tenant in list(self._tasks):
            await self.dismiss(tenant)

    def employ(self, tenant: str) -> None:
        """Start working for a tenant, if nobody does yet."""
        task = self._tasks.get(tenant)
        if task is not None and not task.done():
            return
        name = f"{type(self).__name__.lower()}-{tenant}"
        self._tasks[tenant] = asyncio.create_task(self._going_round(tenant), name=name)

    async def _going_round(self, tenant: str) -> None:
        """The round, taken up again when the database is back."""
        while True:
            try:
                await self.round(tenant)
            except StoreLost:
                await asyncio.sleep(_AGAIN_SECONDS)
            else:
                return

    async def dismiss(self, tenant: str) -> None:
        """Stop working for a tenant, at once."""
        task = self._tasks.pop(tenant, None)
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    @abstractmethod
    async def round(self, tenant: str) -> None:
        """Work for the tenant until there is no such tenant any more."""
