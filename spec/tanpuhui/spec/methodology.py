"""Methodologies (annex C): which version and parameter set is in force when an activity starts (ACC-001)."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from tanpuhui.spec._methodology_file import (
    Exclusion,
    Formula,
    Methodology,
    Parameter,
    ParameterSet,
    Status,
    methodology_of,
)
from tanpuhui.spec.element import schemes
from tanpuhui.spec.law import law_names, law_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

__all__ = [
    "Exclusion",
    "Formula",
    "InForce",
    "InvalidMethodology",
    "Methodology",
    "NoMethodology",
    "Parameter",
    "ParameterSet",
    "Status",
    "effective",
    "methodologies",
    "named",
    "parameter_set",
    "timeline",
    "turns",
]

InForce = tuple[Methodology, ParameterSet]
_FOLDER = "methodologies"


class NoMethodology(LookupError):
    """没有适用的方法学或参数集 / No methodology or parameter set answers to that name or time (ACC-001)."""

    def __init__(self) -> None:
        super().__init__(
            "没有适用的方法学、版本或参数集，见附录 C（ACC-001）"
            " / no such methodology, version or parameter set, see annex C (ACC-001)"
        )


class InvalidMethodology(ValueError):
    """方法学定义不合规定 / The law's own methodologies leave open which of them is in force."""

    def __init__(self, name: str, zh: str, en: str) -> None:
        super().__init__(f"方法学 {name}：{zh}（ACC-001） / methodology {name}: {en} (ACC-001)")


@dataclass(frozen=True, slots=True)
class Timeline:
    """The sets of one scheme, over all versions, one after another without gap or overlap."""

    begins: tuple[datetime, ...]
    sets: tuple[InForce, ...]

    def at(self, instant: datetime) -> InForce:
        """What is in force at an instant."""
        place = bisect_right(self.begins, instant)
        if not place:
            raise NoMethodology
        return self.sets[place - 1]


@cache
def methodologies() -> tuple[Methodology, ...]:
    """All versions of all methodologies, in the order of the schemes and then of their validity."""
    found = [methodology_of(law_yaml(name)) for name in law_names(_FOLDER)]
    order = list(schemes())
    return tuple(sorted(found, key=lambda it: (order.index(it.scheme), it.parameter_sets[0].valid_from)))


def parameter_set(set_id: str) -> ParameterSet:
    """The parameter set of that id, whatever its methodology."""
    found = _by_set().get(set_id)
    if found is None:
        raise NoMethodology
    return found[1]


def named(code: str, version: str, set_id: str) -> InForce:
    """The methodology and the set that a record names, if they belong together."""
    found = _by_set().get(set_id)
    if found is None or (found[0].code, found[0].version) != (code, version):
        raise NoMethodology
    return found


def effective(scheme: str, at: datetime) -> InForce:
    """The version and the set in force when an activity of this scheme starts."""
    return _timeline(scheme).at(at)


def turns(scheme: str) -> tuple[datetime, ...]:
    """The instants at which a set of this scheme follows another, in the same version or a new one."""
    return _timeline(scheme).begins[1:]


def timeline(versions: Iterable[Methodology]) -> Timeline:
    """The sets of one scheme's versions in order; exactly one is in force from the first one's begin on."""
    pairs = [(methodology, found) for methodology in versions for found in methodology.parameter_sets]
    pairs.sort(key=lambda pair: pair[1].valid_from)
    _require_unbroken([found for _, found in pairs])
    return Timeline(tuple(found.valid_from for _, found in pairs), tuple(pairs))


def _require_unbroken(sets: Sequence[ParameterSet]) -> None:
    for earlier, later in pairwise(sets):
        if earlier.valid_to is None or earlier.valid_to > later.valid_from:
            raise InvalidMethodology(later.id, f"与 {earlier.id} 的有效期重叠", f"it overlaps {earlier.id}")
        if earlier.valid_to < later.valid_from:
            raise InvalidMethodology(later.id, f"与 {earlier.id} 之间有空档", f"a gap follows {earlier.id}")
    if not sets or sets[-1].valid_to is not None:
        name = sets[-1].id if sets else "?"
        raise InvalidMethodology(name, "其后没有有效的参数集", "nothing is in force after it")


@cache
def _timeline(scheme: str) -> Timeline:
    versions = [methodology for methodology in methodologies() if methodology.scheme == scheme]
    if not versions:
        raise NoMethodology
    return timeline(versions)


@cache
def _by_set() -> Mapping[str, InForce]:
    pairs = [pair for scheme in schemes() for pair in _timeline(scheme).sets]
    repeated = [name for name, count in Counter(found.id for _, found in pairs).items() if count > 1]
    if repeated:
        raise InvalidMethodology(repeated[0], "参数集标识重复", "the id of its set is used twice")
    return MappingProxyType({found.id: (methodology, found) for methodology, found in pairs})
