"""The set rules in plain Python: slow and plain, what every faster engine has to agree with."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from tanpuhui.spec.accounting import IncompleteActivity, account
from tanpuhui.spec.columns import record_columns
from tanpuhui.spec.expression import compile_predicate
from tanpuhui.spec.methodology import NoMethodology
from tanpuhui.spec.set_kind import (
    Cap,
    Consistent,
    CoveredBy,
    NoOverlap,
    Recompute,
    Unique,
    Volume,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tanpuhui.spec.set_rule import SetRule

Row: TypeAlias = "Mapping[str, Any]"
Key: TypeAlias = tuple[Any, ...]
Numbered: TypeAlias = "list[tuple[int, Row]]"
Judged: TypeAlias = tuple[int, set[int]]


@dataclass(frozen=True, slots=True)
class Beside:
    """What a rule looks at besides the set: periods of links and calibrations, and the rows of former days."""

    links: Sequence[Row] = ()
    calibrations: Sequence[Row] = ()
    history: Sequence[Row] = ()


@dataclass(frozen=True, slots=True)
class SetFinding:
    """How many rows a rule judged, and the positions of those that offend."""

    applicable: int
    offending: tuple[int, ...]


def check_set(rule: SetRule, rows: Sequence[Row], beside: Beside | None = None) -> SetFinding:
    """One set rule on one set."""
    applies = compile_predicate(rule.when or "TRUE", record_columns(rule.scheme), {}, name=rule.id).is_true
    around = beside or Beside()
    history = [row for row in around.history if _in_scheme(rule, row) and applies(row)]
    chosen = [(at, row) for at, row in enumerate(rows) if _in_scheme(rule, row) and applies(row)]
    judged, offending = _JUDGES[type(rule.kind)](
        rule.kind, chosen, Beside(around.links, around.calibrations, history)
    )
    return SetFinding(judged, tuple(sorted(offending)))


def _in_scheme(rule: SetRule, row: Row) -> bool:
    return rule.scheme is None or row.get("scheme", rule.scheme) == rule.scheme


def _repeated(kind: Unique, rows: Numbered, beside: Beside) -> Judged:
    known = {_key(row, kind.over) for row in beside.history} if kind.history else set()
    offending = set()
    judged = _keyed(rows, kind.over)
    for at, row in judged:
        key = _key(row, kind.over)
        if key in known:
            offending.add(at)
        known.add(key)
    return len(judged), offending


def _overlapping(kind: NoOverlap, rows: Numbered, _: Beside) -> Judged:
    judged = _keyed(rows, (*kind.partition, kind.start, kind.end))
    offending = set()
    for members in _groups(judged, kind.partition).values():
        latest = None
        for at, row in sorted(members, key=lambda member: member[1][kind.start]):
            if latest is not None and row[kind.start] < latest:
                offending.add(at)
            latest = row[kind.end] if latest is None else max(latest, row[kind.end])
    return len(judged), offending


def _uncovered(kind: CoveredBy, rows: Numbered, beside: Beside) -> Judged:
    here, there = tuple(kind.match), tuple(kind.match.values())
    periods: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in getattr(beside, kind.reference):
        periods[_key(row, there)].append(row)
    judged = _keyed(rows, (*here, kind.at))
    return len(judged), {at for at, row in judged if not _covered(kind, row, periods[_key(row, here)])}


def _beyond(kind: Cap, rows: Numbered, _: Beside) -> Judged:
    judged = _keyed(rows, kind.group)
    groups = _groups(judged, kind.group).values()
    return len(judged), {at for members in groups for at, _ in members[kind.limit :]}


def _uncommon(kind: Volume, rows: Numbered, beside: Beside) -> Judged:
    key = kind.group if kind.column is None else (*kind.group, kind.column)
    judged, offending = 0, set()
    for members in _groups(_keyed(rows, key), kind.group).values():
        total, number = _mean(kind, members) if kind.column else _former(kind, members, beside.history)
        if number < kind.least:
            continue
        judged += len(members)
        measured = (total, number) if kind.column else (len(members) * number, total)
        if not kind.low * measured[1] <= measured[0] <= kind.high * measured[1]:
            offending |= {at for at, _ in members}
    return judged, offending


def _deviating(kind: Consistent, rows: Numbered, _: Beside) -> Judged:
    judged = _keyed(rows, (*kind.group, kind.equal))
    offending = set()
    for members in _groups(judged, kind.group).values():
        counted = Counter(row[kind.equal] for _, row in members)
        usual = min(counted, key=lambda value: (-counted[value], value))
        offending |= {at for at, row in members if row[kind.equal] != usual}
    return len(judged), offending


def _miscounted(kind: Recompute, rows: Numbered, _: Beside) -> Judged:
    return len(rows), {at for at, row in rows if not _recomputed(row, kind)}


def _covered(kind: CoveredBy, row: Row, periods: Iterable[Row]) -> bool:
    at = row[kind.at]
    ends = ((period[kind.valid_from], period.get(kind.valid_to)) for period in periods)
    return any(start <= at and (end is None or at < end) for start, end in ends)


def _mean(kind: Volume, members: Numbered) -> tuple[Any, int]:
    return sum(row[kind.column or ""] for _, row in members), len(members)


def _former(kind: Volume, members: Numbered, history: Iterable[Row]) -> tuple[int, int]:
    """How many former rows there are in the days before, and on how many days."""
    first = members[0][1]
    day = date.fromisoformat(first["business_day"])
    since, until = (day - timedelta(days=kind.days or 0)).isoformat(), day.isoformat()
    others = tuple(name for name in kind.group if name != "business_day")
    same = [row["business_day"] for row in history if _key(row, others) == _key(first, others)]
    within = [found for found in same if since <= found < until]
    return len(within), len(set(within))


def _recomputed(row: Row, kind: Recompute) -> bool:
    try:
        due = account({**row, "activity": row}).reduction_kg
    except (NoMethodology, IncompleteActivity):
        return False
    return bool(abs(row["reduction_kg"] - due) <= kind.tolerance)


def _key(row: Row, names: Sequence[str]) -> Key:
    return tuple(row.get(name) for name in names)


def _keyed(rows: Numbered, names: Sequence[str]) -> Numbered:
    return [(at, row) for at, row in rows if None not in _key(row, names)]


def _groups(rows: Iterable[tuple[int, Row]], names: Sequence[str]) -> dict[Key, Numbered]:
    groups: defaultdict[Key, Numbered] = defaultdict(list)
    for at, row in rows:
        groups[_key(row, names)].append((at, row))
    return groups


_JUDGES: Mapping[type, Callable[[Any, Numbered, Beside], Judged]] = {
    Unique: _repeated,
    NoOverlap: _overlapping,
    CoveredBy: _uncovered,
    Cap: _beyond,
    Volume: _uncommon,
    Consistent: _deviating,
    Recompute: _miscounted,
}
