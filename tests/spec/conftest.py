"""Both engines of the law's SQL, each with a database of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import psycopg
import pytest
from sql_engine import Engine

from tanpuhui.spec.sql.dialect import DUCKDB, POSTGRES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postgresql import Cluster


@pytest.fixture(scope="session")
def elephant(postgresql: Cluster) -> Iterator[Engine]:
    url = postgresql.new_database()
    with psycopg.connect(url, autocommit=True) as connection:
        yield Engine(POSTGRES, connection)
    postgresql.drop_database(url)


@pytest.fixture(scope="session")
def duck() -> Iterator[Engine]:
    with duckdb.connect() as connection:
        yield Engine(DUCKDB, connection)


@pytest.fixture(params=["duckdb", "postgres"])
def engine(request: pytest.FixtureRequest) -> Engine:
    found: Engine = request.getfixturevalue({"duckdb": "duck", "postgres": "elephant"}[request.param])
    return found
