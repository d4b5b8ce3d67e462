"""One call: files through the gate into an engine, every rule over them, and what they found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tanpuhui.conformance.quality.columnar import counted, opened
from tanpuhui.conformance.quality.finding import Finding, Refusals, Shelf
from tanpuhui.conformance.quality.references import lay_references
from tanpuhui.conformance.quality.sorting import Sorter
from tanpuhui.spec.limits import default_limits, default_times
from tanpuhui.spec.rule import row_rules
from tanpuhui.spec.set_rule import set_rules
from tanpuhui.spec.sql.bulk import Material, assess, runnable
from tanpuhui.spec.sql.dialect import DUCKDB
from tanpuhui.spec.sql.duck import MEMORY_LIMIT, DuckSession, json_lines
from tanpuhui.spec.sql.laying import Layout

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from tanpuhui.spec.sql.bulk import SchemeTally
    from tanpuhui.spec.sql.columns import Source


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be checked: as if received at this time, with these references beside."""

    files: Sequence[Path]
    received_at: datetime
    references: Mapping[str, Path]
    memory_limit: str = MEMORY_LIMIT


@dataclass(frozen=True, slots=True)
class _Taken:
    """What came through the gate."""

    shelf: Shelf
    lines: int
    refused: Sequence[Refusals]
    sources: Mapping[str, Sequence[Source]]


def check_files(order: Order) -> Finding:
    """Check files of records; nothing of them remains afterwards."""
    with (
        TemporaryDirectory(prefix="tph-quality-") as folder,
        DuckSession(Path(folder), order.memory_limit) as session,
    ):
        taken = _taken(order, session, Path(folder))
        material = Material(default_times(), frozenset(order.references), history=False)
        lay_references(session, order.references)
        skipped = [rule.id for rule in set_rules() if not runnable(rule, material)]
        schemes = _assessed(session, taken, material)
        return Finding(taken.shelf, taken.lines, taken.refused, schemes, skipped)


def _assessed(session: DuckSession, taken: _Taken, material: Material) -> Mapping[str, SchemeTally]:
    if not taken.sources:
        return {}
    unfit = [rule for rule in row_rules() if rule.severity == "reject"]
    session.lay(Layout(taken.sources, material.times, unfit=unfit))
    return assess(session.run, DUCKDB, material)


def _taken(order: Order, session: DuckSession, folder: Path) -> _Taken:
    received_at = f"TIMESTAMP '{order.received_at.astimezone(UTC).replace(tzinfo=None).isoformat(' ')}'"
    starts: list[tuple[Path, int]] = []
    refused: list[Refusals] = []
    sources: dict[str, list[Source]] = {}
    with Sorter(folder, default_limits()) as sorter:
        for path in order.files:
            starts.append((path, sorter.rows))
            if path.suffix != ".parquet":
                sorter.take(path)
                continue
            count = counted(session, opened(session, path, sorter.rows, received_at))
            sorter.rows += count.rows
            refused += [count.refused] if count.refused else []
            for scheme, source in count.sources.items():
                sources.setdefault(scheme, []).append(source)
    for scheme, kept in sorter.paths.items():
        sources.setdefault(scheme, []).append(json_lines(scheme, [kept], received_at))
    return _Taken(Shelf(starts), sorter.rows, [*sorter.refused.values(), *refused], sources)
