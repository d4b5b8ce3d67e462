"""Where a record departs from its indicators, in words for people, without repeating a value (PRV-003)."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from tanpuhui.spec.element import envelope, schemes
from tanpuhui.spec.element_schema import PLAIN, Expectation, expectation
from tanpuhui.spec.record_schema import scheme_record_validator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import jsonschema_rs

# A member's name is content too: only one that looks like a name of ours is repeated in a pointer.
_HARMLESS_NAME = re.compile(r"[A-Za-z_][A-Za-z_]{0,39}\Z")
_OBJECT = Expectation("应为对象", "shall be an object")


class Violation(NamedTuple):
    """One departure: the place by JSON Pointer, its kind, and what the law expects there."""

    pointer: str
    code: str
    zh: str
    en: str


def violations(record: object) -> list[Violation]:
    """Every departure of a record from the schema of its scheme; none for a sound record."""
    if not isinstance(record, dict):
        return [Violation("", "type", *_OBJECT)]
    code = record.get("scheme")
    if not isinstance(code, str) or code not in schemes():
        scheme = next(element for element in envelope() if element.id == "scheme")
        return [Violation("/scheme", "missing" if code is None else "value", *expectation(scheme))]
    validator = scheme_record_validator(code)
    if validator.is_valid(record):
        return []
    expected, errors = _expectations(code), validator.iter_errors(record)
    found = [violation for error in errors for violation in _explained(error, expected)]
    return sorted(dict.fromkeys(found))


@cache
def _expectations(code: str) -> Mapping[str, Expectation]:
    scheme = schemes()[code]
    narrowed = {
        element: Expectation(f"应为下列之一：{', '.join(values)}", f"shall be one of {', '.join(values)}")
        for element, values in scheme.narrowed().items()
    }
    outer = {f"/{element.id}": expectation(element) for element in envelope()}
    inner = {f"/activity/{element.id}": expectation(element) for element in scheme.elements}
    return {**outer, **inner, **{f"/{name}": words for name, words in narrowed.items()}}


def _explained(
    error: jsonschema_rs.ValidationError, expected: Mapping[str, Expectation]
) -> Iterator[Violation]:
    place = "".join(f"/{step}" for step in error.instance_path)
    kind: Any = error.kind
    if kind.name == "additionalProperties":
        for name in kind.unexpected:
            yield Violation(_below(place, name), "unknown", "不应有此成员", "no such member is defined")
    elif kind.name == "required":
        where = f"{place}/{kind.property}"
        words = expected.get(where, _OBJECT)
        yield Violation(where, "missing", f"缺少；{words.zh}", f"missing; {words.en}")
    elif kind.name == "falseSchema":
        yield Violation(place, "unexpected", "此条件下不应填写", "shall be absent under this condition")
    else:
        yield Violation(place, _KINDS.get(kind.name, "value"), *expected.get(place, _OBJECT))


def _below(place: str, name: str) -> str:
    return f"{place}/{name}" if _HARMLESS_NAME.match(name) else place


_KINDS = {
    "type": "type",
    "pattern": "form",
    "format": "form",
    "enum": "value",
    "const": "value",
    "constant": "value",
    "minimum": "range",
    "maximum": "range",
    PLAIN: "type",
}
