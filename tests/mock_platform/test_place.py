"""One platform at a time on a shared database: its place is held by every connection, and taken again after a break."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from typing import TYPE_CHECKING

import psycopg
import pytest
from platform_process import ANY, Process
from postgresql import Cluster

from tanpuhui.mock_platform.serving import PlatformServer
from tanpuhui.mock_platform.state.database import shown
from tanpuhui.mock_platform.state.place import Occupied, Place
from tanpuhui.mock_platform.state.store import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.mock_platform.conftest import Actor


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with Cluster() as running:
        yield running


def test_a_place_is_for_the_connections_of_one_platform(new_database: Callable[[], str]) -> None:
    db, own, other = new_database(), Place.new(), Place.new()
    with closing(psycopg.connect(db)) as first, closing(psycopg.connect(db)) as second:
        own.hold(first), own.hold(second)
        first.close()
        with closing(psycopg.connect(db)) as foreign:
            with pytest.raises(Occupied):
                other.hold(foreign)
            assert foreign.closed
    with closing(psycopg.connect(db)) as later:
        other.hold(later)


def test_the_place_is_taken_again_when_the_database_is_back(
    cluster: Cluster, enter_platform: Callable[[str], Actor]
) -> None:
    db = cluster.new_database()
    with PlatformServer(db) as platform:
        actor = enter_platform(platform.control_url)
        cluster.kill()
        cluster.start()
        while actor.control.get(f"/tenants/{actor.tenant}/state").status_code == 503:
            continue
        with pytest.raises(StoreUnavailable):
            PlatformServer(db)
        actor.control.close(), actor.http.close()


@pytest.mark.parametrize("options", [(), ("--workers", "2")])
def test_a_platform_stops_where_another_took_its_place(
    cluster: Cluster, options: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    db = cluster.new_database()
    process = Process(db, *ANY, *options)
    everyone = [process.popen.pid, *process.workers()]
    for pid in everyone:
        os.kill(pid, signal.SIGSTOP)
    cluster.kill()
    cluster.start()
    with PlatformServer(db):
        for pid in everyone:
            os.kill(pid, signal.SIGCONT)
        process.popen.communicate()
    assert process.popen.returncode == 1
    assert "被另一平台占用" in capfd.readouterr().err


def test_an_address_is_shown_without_its_password() -> None:
    assert shown("postgresql://tph:secret@db.example:5432/p") == "postgresql://tph:***@db.example:5432/p"
    assert (
        shown("postgresql://tph@/p?host=/run&password=secret") == "postgresql://tph@/p?host=/run&password=***"
    )
    assert shown("postgresql://tph@/p?host=/run") == "postgresql://tph@/p?host=/run"
