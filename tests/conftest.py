"""What the tests of several rooms need: a real PostgreSQL, started once, and a new database for whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from postgresql import Cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    with Cluster() as running:
        yield running


@pytest.fixture
def new_database(postgresql: Cluster) -> Iterator[Callable[[], str]]:
    """Creates databases for one test, as addresses of the form postgresql://user@/name?host=…"""
    made: list[str] = []

    def create() -> str:
        made.append(postgresql.new_database())
        return made[-1]

    yield create
    for url in made:
        postgresql.drop_database(url)
