"""Indicators (annex A): what a record holds, element by element; schemas and tables follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, get_args

from tanpuhui.spec.law import law_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

ElementType = Literal["identifier", "code", "instant", "date", "decimal", "integer"]
Obligation = Literal["mandatory", "conditional"]
Privacy = Literal["none", "pseudonym", "behaviour"]

_ENVELOPE = "indicators/envelope.yaml"
_BILINGUAL = ("name", "definition", "source")


class InvalidIndicator(ValueError):
    """指标定义不合规定 / The law's own definition of an element is not sound."""

    def __init__(self, element: str, problem: str) -> None:
        super().__init__(f"指标定义有误 / element {element!r}: {problem}")


@dataclass(frozen=True, slots=True)
class Condition:
    """When a conditional element is present: exactly if another element has this value."""

    element: str
    equals: str


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a record; numbers are held as text in the way they travel."""

    id: str
    name_zh: str
    name_en: str
    definition_zh: str
    definition_en: str
    type: ElementType
    source_zh: str
    source_en: str
    obligation: Obligation
    privacy: Privacy
    unit: str | None = None
    precision: int | None = None
    minimum: str | None = None
    maximum: str | None = None
    values: tuple[str, ...] = ()
    pattern: str | None = None
    condition: Condition | None = None

    @property
    def source(self) -> str:
        """Where the value comes from, in both languages."""
        return f"{self.source_zh} / {self.source_en}"


@dataclass(frozen=True, slots=True)
class DeviceDuty:
    """What a scheme's device is, and what has to be on file before its first record (DEV-003, DEV-004)."""

    kind: str
    registered: bool
    calibrated: bool


@dataclass(frozen=True, slots=True)
class Scheme:
    """One kind of reduction activity: what `activity` holds, and how the envelope narrows."""

    code: str
    name_zh: str
    name_en: str
    granularity: str
    data_sources: tuple[str, ...]
    status: str
    device: DeviceDuty
    elements: tuple[Element, ...]

    def narrowed(self) -> Mapping[str, tuple[str, ...]]:
        """The envelope's codes that remain allowed in this scheme."""
        return {"scheme": (self.code,), "granularity": (self.granularity,), "data_source": self.data_sources}


@cache
def envelope() -> tuple[Element, ...]:
    """The elements of every record, in the order of the annex; `activity` follows by scheme."""
    return _elements(law_yaml(_ENVELOPE))


@cache
def schemes() -> Mapping[str, Scheme]:
    """The schemes by code, in the order of the envelope's own list."""
    codes = next(element.values for element in envelope() if element.id == "scheme")
    return MappingProxyType({code: _scheme(code) for code in codes})


@cache
def device_states() -> frozenset[str]:
    """The codes of a device's state; only the normal one earns."""
    return frozenset(next(element.values for element in envelope() if element.id == "device_state"))


def indicator_file(code: str) -> str:
    """The law's file that holds a scheme."""
    return f"indicators/{code.lower()}.yaml"


def _scheme(code: str) -> Scheme:
    data = law_yaml(indicator_file(code))
    if data["code"] != code:
        raise InvalidIndicator(code, "the file is about another scheme")
    return Scheme(
        code=code,
        name_zh=data["name"]["zh"],
        name_en=data["name"]["en"],
        granularity=data["granularity"],
        data_sources=tuple(data["data_sources"]),
        status=data["status"],
        device=_device(code, data["device"]),
        elements=_elements(data),
    )


def _device(code: str, entry: Mapping[str, Any]) -> DeviceDuty:
    duty = DeviceDuty(**entry)
    if duty.calibrated and not duty.registered:
        raise InvalidIndicator(code, "a calibration is filed with a registered device only")
    return duty


def _elements(data: Mapping[str, Any]) -> tuple[Element, ...]:
    found = tuple(_element(entry) for entry in data["elements"])
    if len({element.id for element in found}) != len(found):
        raise InvalidIndicator("elements", "an id is used twice")
    return found


def _element(entry: Mapping[str, Any]) -> Element:
    members: dict[str, Any] = {key: entry[key] for key in entry if key not in _BILINGUAL}
    members |= {f"{key}_{lang}": entry[key][lang] for key in _BILINGUAL for lang in ("zh", "en")}
    members |= {key: str(entry[key]) for key in ("minimum", "maximum") if key in entry}
    members["values"] = tuple(entry.get("values", ()))
    members["condition"] = Condition(**entry["condition"]) if "condition" in entry else None
    element = Element(**members)
    _require_sound(element)
    return element


def _require_sound(element: Element) -> None:
    if element.type not in get_args(ElementType):
        raise InvalidIndicator(element.id, "unknown type")
    if element.privacy not in get_args(Privacy) or element.obligation not in get_args(Obligation):
        raise InvalidIndicator(element.id, "unknown privacy class or obligation")
    if (element.obligation == "conditional") != (element.condition is not None):
        raise InvalidIndicator(element.id, "a condition belongs to conditional elements, and only there")
    if element.type in {"decimal", "integer"} and None in (element.unit, element.minimum, element.maximum):
        raise InvalidIndicator(element.id, "a number needs a unit, a minimum and a maximum")
    if element.type == "decimal" and element.minimum != "0":
        raise InvalidIndicator(element.id, "a decimal begins at 0, since no sign is written")
