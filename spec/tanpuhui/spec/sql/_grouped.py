"""Rules that judge a row by its group: mean or count out of bounds, values that deviate from the usual one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tanpuhui.spec.sql.dialect import quoted, text_literal
from tanpuhui.spec.sql.relation import HISTORY, RECORDS
from tanpuhui.spec.sql.term import SqlTerm, number_type
from tanpuhui.spec.sql.value import computed

if TYPE_CHECKING:
    from tanpuhui.spec.set_kind import Consistent, Volume
    from tanpuhui.spec.sql._chosen import Chosen

_COUNT = number_type(12, 0)
_DAY = "business_day"


def uncommon(kind: Volume, chosen: Chosen) -> tuple[str, str]:
    """Rows of the groups that are judged, and of those whose measure is out of bounds."""
    key = kind.group if kind.column is None else (*kind.group, kind.column)
    rows = chosen.rows(RECORDS, key)
    groups = _means(kind, rows, chosen) if kind.column else _ratios(kind, rows, chosen)
    judged = chosen.joined(rows, groups, kind.group, "TRUE")
    return judged, chosen.joined(rows, groups, kind.group, "NOT sound")


def deviating(kind: Consistent, chosen: Chosen) -> tuple[str, str]:
    """Rows whose value is not the most frequent one of their group, of equals the smallest."""
    rows, keys, equal = (
        chosen.rows(RECORDS, (*kind.group, kind.equal)),
        chosen.listed(kind.group),
        quoted(kind.equal),
    )
    counted = f"SELECT {keys}, {equal}, count(*) AS often FROM ({rows}) AS judged GROUP BY {keys}, {equal}"
    in_order = chosen.dialect.ordered(equal) if chosen.types[kind.equal].kind == "text" else equal
    window = f"PARTITION BY {keys} ORDER BY often DESC, {in_order}"
    ranked = f"SELECT *, row_number() OVER ({window}) AS place FROM ({counted}) AS counted"
    usual = f"SELECT * FROM ({ranked}) AS ranked WHERE place = 1"
    return rows, chosen.joined(rows, usual, kind.group, f"judged.{equal} <> grouped.{equal}")


def _means(kind: Volume, rows: str, chosen: Chosen) -> str:
    """The mean is between two figures: without a division, the sum is between the figures times the number."""
    column = chosen.types[kind.column or ""]
    total_type = number_type(min(column.whole + _COUNT.digits, 38 - column.scale), column.scale)
    total = SqlTerm(chosen.dialect.cast(f"sum({quoted(kind.column or '')})", total_type), total_type)
    number = _count("count(*)", chosen)
    keys = chosen.listed(kind.group)
    sound = _between(kind, (number, total, number), chosen)
    return (
        f"SELECT {keys}, {sound} AS sound FROM ({rows}) AS judged GROUP BY {keys}"
        f" HAVING count(*) >= {kind.least:d}"
    )


def _ratios(kind: Volume, rows: str, chosen: Chosen) -> str:
    """A group's rows against the mean of the days before that had any."""
    keys = chosen.listed(kind.group)
    others = tuple(name for name in kind.group if name != _DAY)
    now = f"SELECT {keys}, count(*) AS members FROM ({rows}) AS judged GROUP BY {keys}"
    former_keys = chosen.listed((*others, _DAY))
    former = (
        f"SELECT {former_keys}, count(*) AS members FROM ({chosen.rows(HISTORY, (_DAY,))}) AS former"
        f" GROUP BY {former_keys}"
    )
    since = f"now.{quoted(_DAY)} - INTERVAL {text_literal(f'{kind.days or 0:d} DAY')}"
    within = f"former.{quoted(_DAY)} >= {since} AND former.{quoted(_DAY)} < now.{quoted(_DAY)}"
    days = _count("count(former.members)", chosen)
    total = _count("COALESCE(sum(former.members), 0)", chosen)
    measured = computed(chosen.scope, _count("min(now.members)", chosen), "*", days)
    sound = _between(kind, (total, measured, total), chosen)
    selected = ", ".join(f"now.{quoted(name)}" for name in kind.group)
    return (
        f"SELECT {selected}, {sound} AS sound FROM ({now}) AS now LEFT JOIN ({former}) AS former"
        f" ON {chosen.same(others, 'now', 'former')} AND {within} GROUP BY {selected}"
        f" HAVING count(former.members) >= {kind.least:d}"
    )


def _between(kind: Volume, terms: tuple[SqlTerm, SqlTerm, SqlTerm], chosen: Chosen) -> str:
    below, middle, above = terms
    scope = chosen.scope
    least = computed(scope, scope.constant(kind.low), "*", below)
    most = computed(scope, scope.constant(kind.high), "*", above)
    return f"({least.code} <= {middle.code} AND {middle.code} <= {most.code})"


def _count(code: str, chosen: Chosen) -> SqlTerm:
    return SqlTerm(chosen.dialect.cast(code, _COUNT), _COUNT)
