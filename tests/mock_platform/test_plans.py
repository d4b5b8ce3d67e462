"""What every request does takes no longer as the tables grow: the database finds the rows by an index.

The plans are made while the tables are empty, as those of a platform that has just begun: there are no statistics yet.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from tanpuhui.mock_platform.interface.idempotency import Key, replayed
from tanpuhui.mock_platform.state.clock import Clock
from tanpuhui.mock_platform.state.records import known_records
from tanpuhui.mock_platform.state.store import Store
from tanpuhui.mock_platform.state.tenant import Tenant
from tanpuhui.mock_platform.state.used import Use, used_first
from tanpuhui.spec.signing import SigningKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection

NOW = datetime(2026, 3, 1, tzinfo=UTC)
IDS = [f"rec-{number:04d}" for number in range(1000)]


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    shared = request.param == "postgresql"
    opened = Store(request.getfixturevalue("new_database")() if shared else str(tmp_path / "store.db"))
    yield opened
    opened.close()


@pytest.fixture
def tenant() -> Tenant:
    key = SigningKey.generate()
    told = {"scenario_id": "scn-1", "client_id": "client-1", "name": "n", "callback_url": None}
    scenario = {**told, "schemes": [], "jwks": {"keys": []}, "approval": {}}
    row = {"tenant": "t-1", "signing_jwk": key.private_jwk(), "cursor_secret": b"", "scenario": scenario}
    row |= {"limits": {}, "times": {}, "clock": Clock.starting(NOW, None).as_mapping(), "revision": 1}
    return Tenant.from_row(row, "http://127.0.0.1")


def plans(store: Store, unit: Callable[[Connection], object], verb: str) -> list[str]:
    """How the database would go about each statement of this kind that the unit executes."""

    def explained(connection: Connection) -> list[str]:
        done: list[tuple[str, Any]] = []
        event.listen(connection, "before_cursor_execute", lambda *it: done.append((it[2], it[3])))
        unit(connection)
        how = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
        mine = [each for each in done if each[0].startswith(verb)]
        rows = [connection.exec_driver_sql(how + each, given).all() for each, given in mine]
        return ["\n".join(str(row[-1]) for row in each) for each in rows]

    return store.run_now(explained)


def test_records_that_came_before_are_looked_up_by_their_ids(store: Store, tenant: Tenant) -> None:
    (plan,) = plans(store, lambda connection: known_records(connection, tenant, IDS), "SELECT")
    assert "record_once" in plan
    assert "records_by_day" not in plan


def test_used_values_that_are_over_are_found_by_their_end(store: Store) -> None:
    use = Use("t-1", "nonce", "key-1", "abc", NOW)
    (plan,) = plans(store, lambda connection: used_first(connection, use, NOW), "DELETE")
    assert "used_by_end" in plan


def test_kept_answers_that_are_over_are_found_by_their_end(store: Store) -> None:
    key = Key("t-1", "client-1", "submitBatch", "key", "0" * 64)
    (plan,) = plans(store, lambda connection: replayed(connection, key, NOW), "DELETE")
    assert "answers_by_end" in plan
