"""A platform of three workers, and an actor there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from platform_process import ANY, Process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from postgresql import Cluster
    from tests.mock_platform.conftest import Actor


@pytest.fixture(scope="session")
def platform(postgresql: Cluster) -> Iterator[Process]:
    running = Process(postgresql.new_database(), *ANY, "--workers", "3")
    yield running
    running.stop()


@pytest.fixture
def shared(platform: Process, enter_platform: Callable[[str], Actor]) -> Iterator[Actor]:
    entered = enter_platform(platform.control_url)
    yield entered
    entered.control.close()
    entered.http.close()


@pytest.fixture
def crew() -> Iterator[Callable[[str], Process]]:
    """Starts platforms of three workers that may come to harm."""
    started: list[Process] = []

    def start(db: str) -> Process:
        started.append(Process(db, *ANY, "--workers", "3"))
        return started[-1]

    yield start
    for process in started:
        process.stop()
