"""An embedded database: its records go to an engine of the run's own, one file a scheme, and are forgotten."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import select

from tanpuhui.mock_platform.state.schema import RECORDS
from tanpuhui.spec.sql.duck import DuckSession, json_lines
from tanpuhui.spec.sql.laying import Layout
from tanpuhui.spec.sql.relation import HISTORY
from tanpuhui.spec.sql.relation import RECORDS as PRESENT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from sqlalchemy import Connection

    from tanpuhui.mock_platform.quality.span import Span
    from tanpuhui.spec.limits import Times

_RECEIVED = "make_timestamp(received_at)"
_STANDING = "(verdict <> 'rejected')"


@contextmanager
def embedded(connection: Connection, span: Span, former: Span, times: Times) -> Iterator[DuckSession]:
    """The span's records and the former ones, laid out in DuckDB while the context lasts."""
    with TemporaryDirectory(prefix="tph-quality-") as folder:
        now, before = Path(folder) / "now", Path(folder) / "before"
        schemes = _exported(connection, span, now)
        _exported(connection, former, before)
        with DuckSession(Path(folder)) as session:
            if schemes:
                for relation, place in ((PRESENT, now), (HISTORY, before)):
                    sources = {
                        scheme: [json_lines(scheme, [_file(place, scheme)], _RECEIVED, _STANDING)]
                        for scheme in schemes
                    }
                    session.lay(Layout(sources, times, relation))
            yield session


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
