"""What the interface documents take from the law's data instead of typing it again, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tanpuhui.spec.edition import current_edition
from tanpuhui.spec.element import envelope, schemes
from tanpuhui.spec.element_schema import element_schema
from tanpuhui.spec.event import event_types
from tanpuhui.spec.law import law_yaml
from tanpuhui.spec.limits import default_limits, default_times
from tanpuhui.spec.methodology import methodologies
from tanpuhui.spec.problem import problem_base, problem_types, reasons
from tanpuhui.spec.quantity import DECIMAL_PATTERN
from tanpuhui.spec.record_schema import record_schema, scheme_record_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_SCHEMAS = "#/components/schemas/"
_OTHER_EVENT = "OtherEvent"


def derived(words: str) -> Any:
    """The part that `x-derived: <words>` stands for; unknown words are a KeyError: a mistake of ours."""
    name, _, rest = words.partition(" ")
    return _NAMED[name](rest) if name in _NAMED else _PARTS[words]()


def record_parts() -> dict[str, Any]:
    """One schema for each scheme's records, as written (closed) and as answered (open), by component name."""
    written = {_record_name(code, "Record"): scheme_record_schema(code) for code in schemes()}
    stored = {_record_name(code, "Content"): scheme_record_schema(code, closed=False) for code in schemes()}
    return written | stored


def event_parts(common: Mapping[str, Any]) -> dict[str, Any]:
    """One schema for each kind of event data and one for unknown types; an event matches just one of them."""
    known = {
        _event_name(data): _event_like(common, {"type": "string", "enum": types}, {"$ref": _SCHEMAS + data})
        for data, types in _event_types_by_data().items()
    }
    properties = common["properties"]
    unknown = properties["type"] | {"not": {"enum": list(event_types())}}
    return known | {_OTHER_EVENT: _event_like(common, unknown, properties["data"])}


def _event_like(common: Mapping[str, Any], of_type: Any, data: Any) -> dict[str, Any]:
    return {**common, "properties": {**common["properties"], "type": of_type, "data": data}}


def _record_name(code: str, kind: str) -> str:
    return f"{code.capitalize()}{kind}"


def _records(kind: str) -> dict[str, Any]:
    places = {code: _SCHEMAS + _record_name(code, kind) for code in schemes()}
    told_apart = {"propertyName": "scheme", "mapping": places}
    return record_schema() | {
        "oneOf": [{"$ref": place} for place in places.values()],
        "discriminator": told_apart,
    }


def _element(words: str) -> dict[str, Any]:
    scheme, _, name = words.rpartition(".")
    elements = schemes()[scheme].elements if scheme else envelope()
    return element_schema(next(element for element in elements if element.id == name))


def _listed(values: Iterable[str]) -> dict[str, Any]:
    return {"enum": list(values)}


def _event_types_by_data() -> Mapping[str, list[str]]:
    types: dict[str, list[str]] = {}
    for kind in event_types().values():
        types.setdefault(kind.data, []).append(kind.type)
    return types


def _event_name(data: str) -> str:
    return data.removesuffix("Data")


def _events() -> dict[str, Any]:
    names = [*map(_event_name, _event_types_by_data()), _OTHER_EVENT]
    return {"oneOf": [{"$ref": _SCHEMAS + name} for name in names]}


def _advertised(group: str, figure: Mapping[str, Any]) -> dict[str, Any]:
    entries = law_yaml("limits.yaml")[group]
    properties = {name: _figure(entry, figure) for name, entry in entries.items()}
    return {"required": list(entries), "properties": properties}


def _figure(entry: Mapping[str, Any], figure: Mapping[str, Any]) -> dict[str, Any]:
    shape = {"type": "array", "items": figure} if isinstance(entry["value"], list) else figure
    words = f"{entry['zh']} / {entry['en']} ({entry['clause']}, {entry['status']})"
    return {**shape, "description": words, "default": entry["value"], "x-unit": entry["unit"]}


def _limit(name: str) -> int:
    return default_limits().as_mapping()[name]


_NAMED: Mapping[str, Callable[[str], Any]] = {"element": _element, "limit": _limit}
_PARTS: Mapping[str, Callable[[], Any]] = {
    "quantity": lambda: {"pattern": DECIMAL_PATTERN},
    "problem codes": lambda: _listed(problem_types()),
    "problem uris": lambda: _listed(kind.uri for kind in problem_types().values()),
    "problem base": problem_base,
    "reason codes": lambda: _listed(reasons()),
    "device kinds": lambda: _listed(scheme.device.kind for scheme in schemes().values()),
    "events": _events,
    "written record": lambda: _records("Record"),
    "stored record": lambda: _records("Content"),
    "limits": lambda: _advertised("limits", {"type": "integer", "minimum": 1}),
    "times": lambda: _advertised("times", {"type": "number", "minimum": 0}),
    "editions": lambda: [{"edition": current_edition().name, "status": current_edition().status}],
    "default limits": lambda: default_limits().as_mapping(),
    "default times": lambda: default_times().as_mapping(),
    "methodologies": lambda: [methodology.as_mapping() for methodology in methodologies()],
}
