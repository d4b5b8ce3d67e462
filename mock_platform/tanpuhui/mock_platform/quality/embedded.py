"""An embedded database: what the rules look at is taken out of it, one file a scheme, for an engine of the run's own."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import select

from tanpuhui.mock_platform.quality.in_force import reference_rows
from tanpuhui.mock_platform.state.schema import RECORDS
from tanpuhui.spec.sql.duck import DuckSession, json_lines
from tanpuhui.spec.sql.laying import Layout
from tanpuhui.spec.sql.relation import HISTORY
from tanpuhui.spec.sql.relation import RECORDS as PRESENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.quality.in_force import Row
    from tanpuhui.mock_platform.quality.span import Day, Span
    from tanpuhui.spec.limits import Times

_NOW, _BEFORE = "now", "before"
_RECEIVED = "make_timestamp(received_at)"
_STANDING = "(verdict <> 'rejected')"


@dataclass(frozen=True, slots=True)
class Extract:
    """The records of a day and of the days before it, in a folder, with the references and the times."""

    folder: Path
    schemes: Sequence[str]
    references: Mapping[str, Sequence[Row]]
    times: Times

    @contextmanager
    def opened(self) -> Iterator[DuckSession]:
        """The extract laid out in DuckDB while the context lasts; the database has no part in it."""
        with DuckSession(self.folder) as session:
            for relation, place in ((PRESENT, _NOW), (HISTORY, _BEFORE)):
                sources = {
                    scheme: [json_lines(scheme, [_file(self.folder / place, scheme)], _RECEIVED, _STANDING)]
                    for scheme in self.schemes
                }
                session.lay(Layout(sources, self.times, relation))
            yield session


def taken_out(connection: Connection, *, day: Day, folder: Path) -> Extract:
    """Take out what the rules of that day look at."""
    schemes = _exported(connection, day.span, folder / _NOW)
    _exported(connection, day.former, folder / _BEFORE)
    references = reference_rows(connection, day.tenant.id)
    return Extract(folder, schemes, references, day.tenant.times)


def _exported(connection: Connection, span: Span, folder: Path) -> list[str]:
    """Write the records, a file each scheme; the schemes that there are."""
    folder.mkdir()
    names = (RECORDS.c.position, RECORDS.c.received_at, RECORDS.c.verdict, RECORDS.c.content)
    rows = connection.execute(select(*names).where(*span.chosen).order_by(RECORDS.c.position))
    files: dict[str, BinaryIO] = {}
    with ExitStack() as opened:
        for row in rows:
            scheme = orjson.loads(row.content)["scheme"]
            if scheme not in files:
                files[scheme] = opened.enter_context(_file(folder, scheme).open("wb"))
            line = b'{"row_number":%d,"received_at":%d,"verdict":"%b","record":%b}\n'
            files[scheme].write(line % (row.position, row.received_at, row.verdict.encode(), row.content))
    return sorted(files)


def _file(folder: Path, scheme: str) -> Path:
    path = folder / f"{scheme.lower()}.ndjson"
    path.touch()
    return path
