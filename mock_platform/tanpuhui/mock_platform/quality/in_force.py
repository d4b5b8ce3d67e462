"""What records are held against: the periods in which links were active and devices calibrated."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from sqlalchemy import select

from tanpuhui.mock_platform.state.clock import instant
from tanpuhui.mock_platform.state.devices import CALIBRATIONS
from tanpuhui.mock_platform.state.links import ACTIVE, histories
from tanpuhui.mock_platform.state.schema import LINKS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.state.links import LinkHistory

Row = tuple[str, "datetime", "datetime | None"]


def reference_rows(connection: Connection, tenant: str) -> dict[str, list[Row]]:
    """The rows of each reference that the law's rules name: an id, from when, and until before when."""
    return {
        "links": list(_links(connection, tenant)),
        "calibrations": list(_calibrations(connection, tenant)),
    }


def _links(connection: Connection, tenant: str) -> Iterator[Row]:
    chosen = connection.execute(select(LINKS.c.link_id).where(LINKS.c.tenant == tenant)).scalars()
    for link_id, history in histories(connection, tenant, chosen).items():
        for begins, ends in _active(history):
            yield link_id, _utc(begins), None if ends is None else _utc(ends)


def _active(history: LinkHistory) -> Iterator[tuple[int, int | None]]:
    """The stretches of a link's validity during which its status was active."""
    ends_of = [at for at, _ in history.changes[1:]]
    for (since, status), until in zip_longest(history.changes, ends_of):
        begins = max(since, history.valid_from)
        ends = min((at for at in (until, history.valid_to) if at is not None), default=None)
        if status == ACTIVE and (ends is None or begins < ends):
            yield begins, ends


def _calibrations(connection: Connection, tenant: str) -> Iterator[Row]:
    names = (CALIBRATIONS.c.device_id, CALIBRATIONS.c.valid_from, CALIBRATIONS.c.valid_to)
    for row in connection.execute(select(*names).where(CALIBRATIONS.c.tenant == tenant)):
        yield row.device_id, _utc(row.valid_from), _utc(row.valid_to)


def _utc(micros: int) -> datetime:
    return instant(micros).replace(tzinfo=None)
