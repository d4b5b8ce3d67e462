"""Columnar files of records: members as columns, the activity's beside them or inside a struct `activity`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import duckdb

from tanpuhui.conformance.quality.finding import Refusals
from tanpuhui.conformance.trouble import Trouble
from tanpuhui.spec.element import envelope
from tanpuhui.spec.sql.columns import ROW, Source
from tanpuhui.spec.sql.dialect import quoted, text_literal
from tanpuhui.spec.sql.form import well_formed
from tanpuhui.spec.sql.mask import MOST_SAMPLES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tanpuhui.spec.sql.duck import DuckSession

_TIMES = "TIMESTAMP WITH TIME ZONE"


@dataclass(frozen=True, slots=True)
class Columnar:
    """One file with the types of its columns; rows are numbered from a start."""

    path: Path
    start: int
    columns: Mapping[str, str]
    members: Mapping[str, str]
    received_at: str

    @property
    def source(self) -> Source:
        """The file as a relation whose members are texts."""
        relation = f"read_parquet({text_literal(str(self.path))}, file_row_number = true)"
        row = f"(file_row_number + 1 + {self.start:d})"
        return Source(relation, row, self.received_at, self._outer, self._inner)

    @property
    def sound(self) -> Source:
        """The same without the rows that are no records."""
        form = well_formed(self.source)
        return replace(self.source, relation=f"(SELECT * FROM {self.source.relation} WHERE {form}) AS sound")  # noqa: S608

    def _outer(self, name: str) -> str:
        return _text(quoted(name), self.columns.get(name))

    def _inner(self, name: str) -> str:
        if not self.members:
            return self._outer(name)
        return _text(f"activity.{quoted(name)}", self.members.get(name))


def opened(session: DuckSession, path: Path, start: int, received_at: str) -> Columnar:
    """The file as its footer describes it; a file without the members of a record is refused."""
    columns = _described(session, path, "*")
    missing = [element.id for element in envelope() if element.id not in columns]
    if missing:
        raise Trouble(
            f"{path.name} 没有列 {missing[0]}（IND-001）",
            f"{path.name} has no column {missing[0]} (IND-001)",
            "每个信封成员一列；活动成员各一列，或放入结构列 activity",
            "one column a member of the envelope; the activity's members as columns or in a struct `activity`",
        )
    nested = columns.get("activity", "").startswith("STRUCT")
    members = _described(session, path, "unnest(activity)") if nested else {}
    return Columnar(path, start, columns, members, received_at)


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows a file has, where the records of each scheme are, and the rows that are no records."""

    rows: int
    sources: Mapping[str, Source]
    refused: Refusals | None


def counted(session: DuckSession, file: Columnar) -> Count:
    """One pass through the gate; the records of a file without wrong rows need not pass it again."""
    source = file.source
    judged = (
        f"SELECT {source.outer('scheme')} AS scheme, {well_formed(source)} AS sound, {source.row} AS {ROW}"  # noqa: S608
        f" FROM {source.relation}"
    )
    groups = session.run(
        f"SELECT scheme, sound, count(*), min({ROW}, {MOST_SAMPLES}) FROM ({judged}) GROUP BY scheme, sound"  # noqa: S608
    )
    wrong = [(count, rows) for _, sound, count, rows in groups if not sound]
    chosen = file.sound if wrong else source
    words = ("schema-violation", "与附录 A 的指标不符", "not as the indicators of annex A say")
    samples = sorted(row for _, rows in wrong for row in rows)[:MOST_SAMPLES]
    return Count(
        rows=sum(count for _, _, count, _ in groups),
        sources={str(scheme): chosen for scheme, sound, _, _ in groups if sound},
        refused=Refusals(*words, sum(count for count, _ in wrong), tuple(samples)) if wrong else None,
    )


def _described(session: DuckSession, path: Path, what: str) -> dict[str, str]:
    try:
        rows = session.run(f"DESCRIBE SELECT {what} FROM read_parquet({text_literal(str(path))})")  # noqa: S608
    except duckdb.Error as error:
        raise _unreadable(path) from error
    return {str(name): str(of) for name, of, *_ in rows}


def _unreadable(path: Path) -> Trouble:
    return Trouble(
        f"读不出 {path.name}：不是 Parquet 文件，或已损坏",
        f"cannot read {path.name}: no Parquet file, or broken",
        "检查文件；文本文件请用 .ndjson 作扩展名",
        "check the file; a file of lines is named .ndjson",
    )


def _text(code: str, of: str | None) -> str:
    if of is None:
        return "CAST(NULL AS VARCHAR)"
    if of == _TIMES:
        return f"strftime({code} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')"
    return code if of == "VARCHAR" else f"CAST({code} AS VARCHAR)"
