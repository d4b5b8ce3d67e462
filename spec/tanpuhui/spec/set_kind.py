"""Kinds of rules over sets of records: what each declares, and nothing of how it is run.

A set is a list of rows with the columns of `record_columns`, in the order in which the records came in. Rows
for which a rule's `when` is not true, or whose key columns are NULL, are not judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from tanpuhui.spec.expression import Kind as ColumnKind

Reference = Literal["links", "calibrations"]
Measure = Literal["mean", "count_ratio"]

_VALIDITY: Mapping[str, ColumnKind] = {"valid_from": "instant", "valid_to": "instant"}
REFERENCE_COLUMNS: Mapping[str, Mapping[str, ColumnKind]] = MappingProxyType(
    {"links": {"link_id": "text", **_VALIDITY}, "calibrations": {"device_id": "text", **_VALIDITY}}
)
"""The columns of the reference rows: the periods in which a link was active, or a device calibrated."""


@dataclass(frozen=True, slots=True)
class Unique:
    """A row offends where an earlier row bears the same values; with history, also where a former row does."""

    over: tuple[str, ...]
    history: bool


@dataclass(frozen=True, slots=True)
class NoOverlap:
    """A row offends where, in the order of `start`, it starts before one that came before it has ended.

    Rows that start together stand in their own order; touching intervals do not overlap.
    """

    partition: tuple[str, ...]
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class CoveredBy:
    """A row offends without a reference row of the same key that is valid at `at`.

    `match` leads from the row's columns to the reference's; valid means valid_from <= at < valid_to, where a
    NULL `valid_to` is open.
    """

    reference: Reference
    match: Mapping[str, str]
    at: str
    valid_from: str
    valid_to: str


@dataclass(frozen=True, slots=True)
class Cap:
    """Rows past the first `limit` of their group, in the rows' own order, offend."""

    group: tuple[str, ...]
    limit: int


@dataclass(frozen=True, slots=True)
class Volume:
    """Every row of a group whose measure is below `low` or above `high` offends.

    mean: the mean of `column` over the group's rows where it is not NULL; groups of fewer than `least` such
    rows are not judged. count_ratio: the group's rows against the mean number of former rows a day, over the
    days with any among the `days` before the group's `business_day`, in the same group but for the day;
    groups with fewer than `least` such days are not judged.
    """

    group: tuple[str, ...]
    measure: Measure
    column: str | None
    low: Decimal
    high: Decimal
    least: int
    days: int | None


@dataclass(frozen=True, slots=True)
class Consistent:
    """A row offends where `equal` is not the most frequent value of its group, of equals the smallest."""

    group: tuple[str, ...]
    equal: str


@dataclass(frozen=True, slots=True)
class Recompute:
    """A row offends where its reduction differs from the methodology's by more than `tolerance` kg.

    It also offends where the methodology, version and parameter set that it names do not exist together.
    """

    tolerance: Decimal


SetKind: TypeAlias = Unique | NoOverlap | CoveredBy | Cap | Volume | Consistent | Recompute
