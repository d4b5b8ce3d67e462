"""Statements that lay out typed records under the names that a run uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tanpuhui.spec.sql.columns import ROW, STANDING, record_types, typed_records
from tanpuhui.spec.sql.dialect import quoted
from tanpuhui.spec.sql.mask import violation_sql
from tanpuhui.spec.sql.relation import RECORDS, of_scheme

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tanpuhui.spec.limits import Times
    from tanpuhui.spec.rule import Rule
    from tanpuhui.spec.sql.columns import Source
    from tanpuhui.spec.sql.dialect import Dialect


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each scheme's records come from, and under which name they are laid out.

    Rows that break one of `unfit` have no place among others.
    """

    sources: Mapping[str, Sequence[Source]]
    times: Times
    relation: str = RECORDS
    unfit: Sequence[Rule] = ()


def laying(layout: Layout, dialect: Dialect) -> Iterator[str]:
    """A table of each scheme's rows, and one relation of all of them with what they share."""
    for scheme, sources in layout.sources.items():
        every = " UNION ALL ".join(typed_records(scheme, source, dialect) for source in sources)
        rows = _standing(every, layout, scheme, dialect)
        yield f"CREATE {dialect.lasting} TABLE {of_scheme(layout.relation, scheme)} AS {rows}"
    shared = _listed((ROW, STANDING, *record_types()))
    parts = [f"SELECT {shared} FROM {of_scheme(layout.relation, scheme)}" for scheme in layout.sources]
    yield f"CREATE {dialect.lasting} VIEW {layout.relation} AS {' UNION ALL '.join(parts)}"


def _standing(rows: str, layout: Layout, scheme: str, dialect: Dialect) -> str:
    about = (rule for rule in layout.unfit if rule.scheme in {None, scheme})
    broken = [violation_sql(rule, scheme, dialect, layout.times) for rule in about]
    if not broken:
        return rows
    names = _listed((ROW, *record_types(scheme)))
    standing = f"({quoted(STANDING)} AND NOT ({' OR '.join(broken)}))"
    return f"SELECT {names}, {standing} AS {quoted(STANDING)} FROM ({rows}) AS laid"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(quoted(name) for name in names)
