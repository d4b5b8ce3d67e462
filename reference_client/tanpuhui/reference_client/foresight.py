"""What the platform's rules will say of records that are sound: which it will hold or flag, alone and together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from tanpuhui.reference_client.counting import Found
from tanpuhui.reference_client.exports.law_wart import SETS_LEFT, kind_of
from tanpuhui.reference_client.exports.wart import wart_kinds, wart_of
from tanpuhui.spec.limits import default_times
from tanpuhui.spec.quality import check_row
from tanpuhui.spec.set_check import check_set
from tanpuhui.spec.set_kind import Cap, Consistent, NoOverlap, Unique, Volume
from tanpuhui.spec.set_rule import set_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tanpuhui.reference_client.exports.wart import Wart
    from tanpuhui.reference_client.outcome import Outcome
    from tanpuhui.spec.set_rule import SetRule

_USER = "link_id"
COMPARED_MAX = 10_000
"""So many records are compared with one another before they are sent; more are left to the platform."""
Row: TypeAlias = "Mapping[str, Any]"


class Foresight:
    """Takes the records that are due; they are compared with one another where there are not too many to be held."""

    def __init__(self, *, users_known: bool) -> None:
        self._users_known = users_known
        self._alone: dict[str, Found] = {}
        self._rows: list[tuple[Row, Outcome]] | None = []

    def take(self, outcome: Outcome, row: Row) -> None:
        """One record more, and its row for the rules."""
        for hit in check_row(row, default_times()):
            if hit.severity != "reject":
                self._alone.setdefault(hit.rule_id, Found()).take(outcome)
        if self._rows is not None:
            self._rows.append((row, outcome))
            if len(self._rows) > COMPARED_MAX:
                self._rows = None

    def warts(self) -> tuple[Wart, ...]:
        """What was foreseen; without real users, rules that compare a user's trips are left out."""
        found = dict(self._alone)
        for rule, outcome in _together(self._rows or [], users_known=self._users_known):
            found.setdefault(rule, Found()).take(outcome)
        left = wart_of(wart_kinds()[SETS_LEFT], (), str(COMPARED_MAX)) if self._rows is None else None
        told = tuple(_wart(rule, one) for rule, one in sorted(found.items()))
        return told if left is None else (left, *told)


def _wart(rule: str, found: Found) -> Wart:
    return wart_of(kind_of("rule", rule, "flagged")[0], found.lines, count=found.count)


def _together(rows: Sequence[tuple[Row, Outcome]], *, users_known: bool) -> Iterator[tuple[str, Outcome]]:
    for rule in set_rules() if rows else ():
        if _compared(rule) and (users_known or _USER not in _compared(rule)):
            offending = check_set(rule, [row for row, _ in rows]).offending
            yield from ((rule.id, rows[at][1]) for at in offending)


def _compared(rule: SetRule) -> tuple[str, ...]:
    """The columns by which a rule compares rows; none for rules that look elsewhere."""
    match rule.kind:
        case Unique(over=columns) | NoOverlap(partition=columns):
            return columns
        case Cap(group=columns) | Volume(group=columns) | Consistent(group=columns):
            return columns
    return ()
