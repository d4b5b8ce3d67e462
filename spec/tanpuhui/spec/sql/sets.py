"""Rules over sets as SQL: one template for each kind, made to run in little memory on many records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tanpuhui.spec.set_kind import (
    Cap,
    Consistent,
    CoveredBy,
    NoOverlap,
    Recompute,
    Unique,
    Volume,
)
from tanpuhui.spec.sql._chosen import Chosen
from tanpuhui.spec.sql._grouped import deviating, uncommon
from tanpuhui.spec.sql._recomputed import miscounted
from tanpuhui.spec.sql.columns import ROW
from tanpuhui.spec.sql.dialect import quoted
from tanpuhui.spec.sql.mask import MOST_SAMPLES
from tanpuhui.spec.sql.relation import HISTORY, RECORDS, REFERENCES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from tanpuhui.spec.set_rule import SetRule
    from tanpuhui.spec.sql.dialect import Dialect

_OPEN_END = "TIMESTAMP '2200-01-01 00:00:00'"


@dataclass(frozen=True, slots=True)
class SetQueries:
    """What to ask an engine about one set rule: by scheme, how many rows are judged and how many offend; and which."""

    judged: str
    offending: str
    rows: str


def set_queries(rule: SetRule, dialect: Dialect, schemes: Sequence[str]) -> SetQueries:
    """The queries of a rule over the records of these schemes."""
    chosen = Chosen(rule, dialect, tuple(schemes))
    judged, offending = _TEMPLATES[type(rule.kind)](rule.kind, chosen)
    row, samples = quoted(ROW), dialect.smallest(quoted(ROW), MOST_SAMPLES, "TRUE")
    return SetQueries(
        f"SELECT scheme, count(*) FROM ({judged}) AS judged GROUP BY scheme",
        f"SELECT scheme, count(*), {samples} FROM (SELECT {row}, scheme FROM ({offending}) AS offending) AS o"
        " GROUP BY scheme",
        f"SELECT {row} FROM ({offending}) AS offending",
    )


def _repeated(kind: Unique, chosen: Chosen) -> tuple[str, str]:
    rows, keys = chosen.rows(RECORDS, kind.over), chosen.listed(kind.over)
    again = _past(rows, keys, 1, chosen)
    if not kind.history:
        return rows, again
    former = f"SELECT {keys} FROM ({chosen.rows(HISTORY, kind.over)}) AS former"
    known = f"SELECT {quoted(ROW)}, scheme FROM ({rows}) AS judged WHERE ({keys}) IN ({former})"
    return rows, f"{again} UNION {known}"


def _beyond(kind: Cap, chosen: Chosen) -> tuple[str, str]:
    rows = chosen.rows(RECORDS, kind.group)
    return rows, _past(rows, chosen.listed(kind.group), kind.limit, chosen)


def _past(rows: str, keys: str, limit: int, chosen: Chosen) -> str:
    """Rows past the first few of the same key, in their order.

    Only rows whose key's hash is crowded are sorted: the keys of all rows need not fit into memory.
    """
    hashed = f"SELECT *, {chosen.dialect.hash(keys)} AS bucket FROM ({rows}) AS judged"
    crowded = f"SELECT bucket FROM ({hashed}) AS every GROUP BY bucket HAVING count(*) > {limit:d}"
    nth = f"row_number() OVER (PARTITION BY {keys} ORDER BY {quoted(ROW)}) AS nth"
    suspects = f"SELECT *, {nth} FROM ({hashed}) AS hashed WHERE bucket IN ({crowded})"
    return f"SELECT {quoted(ROW)}, scheme FROM ({suspects}) AS suspects WHERE nth > {limit:d}"


def _overlapping(kind: NoOverlap, chosen: Chosen) -> tuple[str, str]:
    """The running latest end sees a long interval that contains several short ones; the row before does not."""
    rows = chosen.rows(RECORDS, (*kind.partition, kind.start, kind.end))
    start = quoted(kind.start)
    window = (
        f"PARTITION BY {chosen.listed(kind.partition)} ORDER BY {start}, {quoted(ROW)}"
        " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
    )
    running = f"SELECT *, max({quoted(kind.end)}) OVER ({window}) AS latest FROM ({rows}) AS judged"
    return rows, f"SELECT * FROM ({running}) AS running WHERE {start} < latest"


def _uncovered(kind: CoveredBy, chosen: Chosen) -> tuple[str, str]:
    rows = chosen.rows(RECORDS, (*kind.match, kind.at))
    valid_from, valid_to, at = quoted(kind.valid_from), quoted(kind.valid_to), f"judged.{quoted(kind.at)}"
    terms = [f"judged.{quoted(here)} = period.{quoted(there)}" for here, there in kind.match.items()]
    terms += [f"period.{valid_from} <= {at}", f"{at} < COALESCE(period.{valid_to}, {_OPEN_END})"]
    return rows, chosen.dialect.without(rows, REFERENCES[kind.reference], " AND ".join(terms))


_TEMPLATES: Mapping[type, Callable[[Any, Chosen], tuple[str, str]]] = {
    Unique: _repeated,
    NoOverlap: _overlapping,
    CoveredBy: _uncovered,
    Cap: _beyond,
    Volume: uncommon,
    Consistent: deviating,
    Recompute: miscounted,
}
