"""Makes an interface document of its file, the shared parts and the law's data; references stay local."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tanpuhui.spec._derived import derived, event_parts, record_parts
from tanpuhui.spec.problem import MEDIA_TYPE, PlaceError, problem_body, problem_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SHARED_FILE = "components.yaml"
_COMPONENTS = "#/components/"
_INSTANCE = "urn:uuid:0199c2a4-7b1e-7c52-9d1a-3f5e8a6b2c10"


def bundled(document: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    """The document with everything that it refers to among its own components."""
    whole: dict[str, Any] = filled(document)
    schemas = shared["schemas"]
    pool = {**shared, "schemas": {**schemas, **record_parts(), **event_parts(schemas["EventEnvelope"])}}
    components = whole.setdefault("components", {})
    pending = list(references(whole))
    while pending:
        place = pending.pop()
        kind, name = place.removeprefix(_COMPONENTS).split("/")
        present = components.setdefault(kind, {}).get(name)
        if present is None or present == {"$ref": place}:
            part = components[kind][name] = filled(pool[kind][name])
            pending += references(part)
    return whole


def filled(node: Any) -> Any:
    """A copy with local references, derived parts and problem examples in their places."""
    if isinstance(node, list):
        return [filled(item) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {name: filled(value) for name, value in node.items()}
    if "x-lines" in copy:
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in copy["x-lines"])
    if "x-problem" in copy:
        return _problem_body(copy["x-problem"], [])
    if isinstance(copy.get("$ref"), str):
        copy["$ref"] = copy["$ref"].removeprefix(_SHARED_FILE)
    if "x-problems" in copy:
        examples = _problem_examples(copy["x-problems"], copy.pop("x-places", []))
        copy["content"][MEDIA_TYPE]["examples"] = examples
    return _with_derived(copy) if "x-derived" in copy else copy


def references(node: Any) -> Iterator[str]:
    """Every reference in a part, wherever it stands."""
    inner: list[Any] = []
    if isinstance(node, dict):
        inner = list(node.values())
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
    elif isinstance(node, list):
        inner = node
    for value in inner:
        yield from references(value)


def _with_derived(authored: dict[str, Any]) -> Any:
    part = derived(authored.pop("x-derived"))
    return {**part, **authored} if isinstance(part, dict) else part


def _problem_examples(codes: list[str], places: list[dict[str, str]]) -> dict[str, Any]:
    return {code: _problem_example(code, places if code == "schema-violation" else []) for code in codes}


def _problem_example(code: str, places: list[dict[str, str]]) -> dict[str, Any]:
    kind = problem_type(code)
    return {"summary": f"{kind.zh} / {kind.en}", "value": _problem_body(code, places)}


def _problem_body(code: str, places: list[dict[str, str]]) -> dict[str, Any]:
    return problem_body(code, instance=_INSTANCE, errors=[PlaceError(**place) for place in places])
