"""One methodology as its file in annex C states it: formula, parameter sets with validity, exclusions."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from tanpuhui.spec.business_time import instant_text, parse_instant
from tanpuhui.spec.quantity import parse_decimal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

Status = Literal["official", "secondary", "illustrative"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One figure of a methodology with where it comes from."""

    name: str
    value: Decimal
    unit: str
    status: Status
    source: str


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """Figures that are in force together, from an instant until before another."""

    id: str
    valid_from: datetime
    valid_to: datetime | None
    status: Status
    parameters: tuple[Parameter, ...]

    @property
    def values(self) -> Mapping[str, Decimal]:
        """The figures by name, as a formula takes them."""
        return {parameter.name: parameter.value for parameter in self.parameters}

    def in_force(self, at: datetime) -> bool:
        """Whether an activity that starts at this instant is accounted with this set."""
        return self.valid_from <= at and (self.valid_to is None or at < self.valid_to)


@dataclass(frozen=True, slots=True)
class Formula:
    """Two emissions in kilograms as restricted SQL over the activity's elements and the set's parameters."""

    baseline: str
    scenario: str


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A condition under which an activity is outside the methodology and shall not be reported (ACC-004)."""

    id: str
    expr: str
    params: Mapping[str, Decimal]
    reason_zh: str
    reason_en: str
    status: Status
    source: str


@dataclass(frozen=True, slots=True)
class Methodology:
    """One version of the law for accounting one scheme."""

    code: str
    scheme: str
    version: str
    title: str
    status: Status
    source: str
    formula: Formula
    parameter_sets: tuple[ParameterSet, ...]
    exclusions: tuple[Exclusion, ...]

    def as_mapping(self) -> dict[str, Any]:
        """The members that the platform's list of methodologies shows."""
        return {
            "code": self.code,
            "scheme": self.scheme,
            "version": self.version,
            "title": self.title,
            "status": self.status,
            "source": self.source,
            "formula": {"baseline": self.formula.baseline, "scenario": self.formula.scenario},
            "parameter_sets": [_set_mapping(found) for found in self.parameter_sets],
        }


def methodology_of(data: Mapping[str, Any]) -> Methodology:
    """The methodology that a file's data state."""
    return Methodology(
        code=data["code"],
        scheme=data["scheme"],
        version=data["version"],
        title=_words(data["title"]),
        status=data["status"],
        source=_words(data["source"]),
        formula=Formula(**data["formula"]),
        parameter_sets=tuple(_parameter_set(entry) for entry in data["parameter_sets"]),
        exclusions=tuple(_exclusion(entry) for entry in data["exclusions"]),
    )


def _parameter_set(entry: Mapping[str, Any]) -> ParameterSet:
    return ParameterSet(
        id=entry["id"],
        valid_from=parse_instant(entry["valid_from"]),
        valid_to=None if entry["valid_to"] is None else parse_instant(entry["valid_to"]),
        status=entry["status"],
        parameters=tuple(
            Parameter(**{**found, "value": parse_decimal(found["value"]), "source": _words(found["source"])})
            for found in entry["parameters"]
        ),
    )


def _exclusion(entry: Mapping[str, Any]) -> Exclusion:
    return Exclusion(
        id=entry["id"],
        expr=entry["expr"],
        params=MappingProxyType({name: parse_decimal(text) for name, text in entry["params"].items()}),
        reason_zh=entry["reason"]["zh"],
        reason_en=entry["reason"]["en"],
        status=entry["status"],
        source=_words(entry["source"]),
    )


def _set_mapping(found: ParameterSet) -> dict[str, Any]:
    return {
        "id": found.id,
        "valid_from": instant_text(found.valid_from),
        "valid_to": None if found.valid_to is None else instant_text(found.valid_to),
        "status": found.status,
        "parameters": [
            {
                "name": parameter.name,
                "value": f"{parameter.value:f}",
                "unit": parameter.unit,
                "status": parameter.status,
                "source": parameter.source,
            }
            for parameter in found.parameters
        ],
    }


def _words(text: Mapping[str, str]) -> str:
    return f"{text['zh']} / {text['en']}"
