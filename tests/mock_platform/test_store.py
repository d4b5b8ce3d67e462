"""The store: what waits is committed together, and what fails in company fails alone."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from tanpuhui.mock_platform.state.store import Store
from tanpuhui.mock_platform.state.writer import StoreLost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from sqlalchemy import Connection


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    shared = request.param == "postgresql"
    db = request.getfixturevalue("new_database")() if shared else str(tmp_path / "store.db")
    opened = Store(db)
    opened.run_now(lambda connection: connection.execute(text("CREATE TABLE kept (x int NOT NULL)")))
    yield opened
    opened.close()


def keep(x: int | None, *, then: type[Exception] | None = None) -> Callable[[Connection], int | None]:
    def unit(connection: Connection) -> int | None:
        connection.execute(text("INSERT INTO kept VALUES (:x)"), {"x": x})
        if then is not None:
            raise then
        return x

    return unit


def kept(store: Store) -> list[int]:
    return store.run_now(lambda connection: list(connection.execute(text("SELECT x FROM kept")).scalars()))


def together(
    store: Store, *units: Callable[[Connection], Any], about: str = ""
) -> tuple[list[Future[Any]], int]:
    """Let the units wait behind one that is still running; what became of them, and in how many commits."""
    commits, begun, go_on = list[str](), threading.Event(), threading.Event()

    def first(connection: Connection) -> None:
        event.listen(connection.engine, "commit", lambda _: commits.append("commit"))
        begun.set()
        go_on.wait()

    running = store.submit(first, about=about)
    begun.wait()
    waiting = [store.submit(unit, about=about) for unit in units]
    go_on.set()
    for each in (running, *waiting):
        each.exception()
    return waiting, len(commits) - 1


def test_what_waits_is_committed_together(store: Store) -> None:
    waiting, commits = together(store, *(keep(x) for x in range(20)))
    assert [each.result() for each in waiting] == list(range(20))
    assert commits == 1
    assert sorted(kept(store)) == list(range(20))


def test_what_fails_in_company_fails_alone(store: Store) -> None:
    waiting, _ = together(store, keep(1), keep(2, then=LookupError), keep(None), keep(3))
    assert [type(each.exception()) for each in waiting[1:2]] == [LookupError]
    assert isinstance(waiting[2].exception(), DatabaseError)
    assert sorted(kept(store)) == [1, 3]


def test_what_fails_alone_leaves_nothing(store: Store) -> None:
    with pytest.raises(LookupError):
        store.run_now(keep(1, then=LookupError))
    assert kept(store) == []


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)  # SQLite has nothing that it checks so late
def test_a_commit_that_fails_is_told_to_all_in_it_and_leaves_nothing(store: Store) -> None:
    store.run_now(_tie)
    waiting, _ = together(store, keep(1), _dangle, keep(2))
    assert [type(each.exception()) for each in waiting] == [IntegrityError] * 3
    assert kept(store) == []
    assert store.run_now(keep(3)) == 3


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)  # SQLite has one connection only
def test_a_reading_beside_sees_one_moment_and_leaves_nothing(store: Store) -> None:
    def read(connection: Connection) -> list[int]:
        rows = text("SELECT x FROM kept")
        connection.execute(text("INSERT INTO kept VALUES (7)"))
        seen = list(connection.execute(rows).scalars())
        store.run_now(keep(1))  # the writers go on
        return seen + list(connection.execute(rows).scalars())

    assert store.read_beside(read) == [7, 7]
    assert kept(store) == [1]


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
@pytest.mark.parametrize("end", ["SELECT 1", "SELECT pg_terminate_backend(pg_backend_pid())"])
def test_a_reading_beside_that_loses_its_connection_says_so(store: Store, end: str) -> None:
    def read(connection: Connection) -> None:
        with connection.connection.cursor() as cursor:
            cursor.execute(end)
        raise LookupError

    with pytest.raises(StoreLost if "terminate" in end else LookupError):
        store.read_beside(read)


def _tie(connection: Connection) -> None:
    """A table whose rows are checked no earlier than at the commit."""
    connection.execute(text("CREATE TABLE whole (x int PRIMARY KEY)"))
    checked = "REFERENCES whole (x) DEFERRABLE INITIALLY DEFERRED"
    connection.execute(text(f"CREATE TABLE part (x int {checked})"))


def _dangle(connection: Connection) -> None:
    connection.execute(text("INSERT INTO part VALUES (1)"))
