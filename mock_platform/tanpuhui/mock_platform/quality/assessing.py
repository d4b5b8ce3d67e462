"""Runs every rule over the records of one day: in a transaction that is under way, or beside the writers."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeAlias

from tanpuhui.mock_platform.quality.embedded import Extract, taken_out
from tanpuhui.mock_platform.quality.in_force import reference_rows
from tanpuhui.mock_platform.quality.in_place import in_place
from tanpuhui.mock_platform.state.database import SHARED_DIALECT
from tanpuhui.spec.set_kind import REFERENCE_COLUMNS
from tanpuhui.spec.sql.bulk import Material, assess
from tanpuhui.spec.sql.dialect import DUCKDB, POSTGRES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.quality.in_force import Row
    from tanpuhui.mock_platform.quality.in_place import PlaceSession
    from tanpuhui.mock_platform.quality.span import Day
    from tanpuhui.mock_platform.state.store import Store
    from tanpuhui.spec.limits import Times
    from tanpuhui.spec.sql.bulk import SchemeTally
    from tanpuhui.spec.sql.dialect import Dialect
    from tanpuhui.spec.sql.duck import DuckSession

Tallies: TypeAlias = "Mapping[str, SchemeTally]"
_FOLDER = "tph-quality-"


def assessed(connection: Connection, *, day: Day) -> Tallies:
    """What the rules find on that day, all of it in this transaction."""
    if connection.dialect.name == SHARED_DIALECT:
        return _in_place(connection, day)
    with TemporaryDirectory(prefix=_FOLDER) as folder:
        return _outside(taken_out(connection, day=day, folder=Path(folder)))


def assessed_beside(store: Store, day: Day) -> Tallies:
    """The same while others write: on a connection of its own, or on what was taken out of an embedded database."""
    if store.shared:
        return store.read_beside(partial(assessed, day=day))
    with TemporaryDirectory(prefix=_FOLDER) as folder:
        unit = partial(taken_out, day=day, folder=Path(folder))
        return _outside(store.run_now(unit, about=day.tenant.id))


def _in_place(connection: Connection, day: Day) -> Tallies:
    references, times = reference_rows(connection, day.tenant.id), day.tenant.times
    if not day.span.days(connection):
        return {}
    with in_place(connection, day.span, day.former, times) as session:
        return _assessed(session, POSTGRES, references, times)


def _outside(extract: Extract) -> Tallies:
    if not extract.schemes:
        return {}
    with extract.opened() as session:
        return _assessed(session, DUCKDB, extract.references, extract.times)


def _assessed(
    session: DuckSession | PlaceSession,
    dialect: Dialect,
    references: Mapping[str, Sequence[Row]],
    times: Times,
) -> Tallies:
    for name, rows in references.items():
        session.lay_reference(name, rows)
    return assess(session.run, dialect, Material(times, frozenset(REFERENCE_COLUMNS), history=True))
