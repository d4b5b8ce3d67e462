"""The tests' own PostgreSQL is a durable one: what was committed outlives kill -9 of the whole server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from postgresql import Cluster

if TYPE_CHECKING:
    from collections.abc import Callable


def test_databases_are_separate_and_the_server_is_durable(new_database: Callable[[], str]) -> None:
    one, other = new_database(), new_database()
    with psycopg.connect(one) as connection:
        connection.execute("CREATE TABLE t (x int)")
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
    with psycopg.connect(other) as connection:
        assert connection.execute("SELECT to_regclass('t')").fetchone() == (None,)


def test_a_killed_server_comes_back_with_what_was_committed() -> None:
    with Cluster() as cluster:
        url = cluster.new_database()
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE t (x int)")
        cluster.kill()
        cluster.start()
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
