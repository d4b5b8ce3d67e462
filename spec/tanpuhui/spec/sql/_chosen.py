"""The rows that a set rule judges, as a query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tanpuhui.spec.sql.columns import ROW, STANDING, record_types
from tanpuhui.spec.sql.dialect import quoted
from tanpuhui.spec.sql.expression import condition_sql
from tanpuhui.spec.sql.relation import of_scheme
from tanpuhui.spec.sql.scope import SqlScope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tanpuhui.spec.set_rule import SetRule
    from tanpuhui.spec.sql.dialect import Dialect
    from tanpuhui.spec.sql.term import SqlType


@dataclass(frozen=True, slots=True)
class Chosen:
    """One rule for one engine, over the records of some schemes."""

    rule: SetRule
    dialect: Dialect
    schemes: tuple[str, ...]

    @property
    def types(self) -> Mapping[str, SqlType]:
        """The columns that the rule may read."""
        return record_types(self.rule.scheme)

    @property
    def scope(self) -> SqlScope:
        """What the rule's own texts may name."""
        return SqlScope(self.rule.id, self.dialect, self.types, {})

    def rows(self, relation: str, known: Iterable[str], *, scheme: str | None = None) -> str:
        """The rows of a relation to which the rule applies and whose columns named here are not NULL."""
        terms = [f"{quoted(name)} IS NOT NULL" for name in dict.fromkeys(known)]
        if self.rule.when is not None:
            terms.append(condition_sql(self.rule.when, self.scope))
        if self.rule.compares:
            terms.append(quoted(STANDING))
        where = f" WHERE {' AND '.join(terms)}" if terms else ""
        return f"SELECT * FROM {of_scheme(relation, scheme or self.rule.scheme)}{where}"

    def listed(self, names: Iterable[str]) -> str:
        """Columns as SQL lists them."""
        return ", ".join(quoted(name) for name in names)

    def same(self, names: Iterable[str], one: str, other: str) -> str:
        """The condition that two relations agree in these columns."""
        return " AND ".join(f"{one}.{quoted(name)} = {other}.{quoted(name)}" for name in names) or "TRUE"

    def joined(self, rows: str, groups: str, names: Iterable[str], where: str) -> str:
        """The rows' numbers whose group, found by these columns, meets a condition."""
        on = self.same(names, "judged", "grouped")
        return (
            f"SELECT judged.{quoted(ROW)}, judged.scheme FROM ({rows}) AS judged"
            f" JOIN ({groups}) AS grouped ON {on} WHERE {where}"
        )
