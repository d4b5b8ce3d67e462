"""The record as JSON Schema, derived from the indicators, and its compiled validator (IND-001)."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from tanpuhui.spec.element import envelope, schemes
from tanpuhui.spec.element_schema import PLAIN, element_schema

if TYPE_CHECKING:
    from tanpuhui.spec.element import Element, Scheme

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Plain:
    """The keyword that keeps integers to integers as written."""

    def __init__(self, *_: object) -> None:
        pass

    def validate(self, instance: object) -> None:
        if type(instance) is not int:
            raise ValueError


def record_schema(*, closed: bool = True) -> dict[str, Any]:
    """The schema of an activity record: one alternative per scheme, told apart by the constant `scheme`.

    Closed, it refuses unknown members, as a receiver of writings does; open, it suits a reader of answers.
    """
    return {
        "type": "object",
        "required": ["scheme"],
        "oneOf": [scheme_record_schema(code, closed=closed) for code in schemes()],
    }


def scheme_record_schema(code: str, *, closed: bool = True) -> dict[str, Any]:
    """The schema of one scheme's record, self-contained."""
    scheme = schemes()[code]
    properties = {element.id: _narrowed(element, scheme) for element in envelope()}
    properties["activity"] = _object(scheme.elements, closed=closed)
    return {
        "title": f"{scheme.name_zh} / {scheme.name_en}",
        "type": "object",
        "required": list(properties),
        "properties": properties,
        **_closing(closed=closed),
    }


@cache
def record_validator() -> jsonschema_rs.Draft202012Validator:
    """The compiled schema of any record; `violations` explains what it refuses."""
    return _compiled(record_schema())


@cache
def scheme_record_validator(code: str) -> jsonschema_rs.Draft202012Validator:
    """The compiled schema of one scheme's record."""
    return _compiled(scheme_record_schema(code))


def _compiled(schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        {"$schema": DIALECT, **schema}, validate_formats=True, keywords={PLAIN: _Plain}
    )


def _narrowed(element: Element, scheme: Scheme) -> dict[str, Any]:
    values = scheme.narrowed().get(element.id)
    schema = element_schema(replace(element, values=values) if values else element)
    if element.id == "scheme":
        schema["const"] = scheme.code
        del schema["enum"]
    return schema


def _object(elements: tuple[Element, ...], *, closed: bool) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "required": [element.id for element in elements if element.obligation == "mandatory"],
        "properties": {element.id: element_schema(element) for element in elements},
        **_closing(closed=closed),
    }
    conditional = [_conditional(element) for element in elements if element.condition]
    return schema | ({"allOf": conditional} if conditional else {})


def _conditional(element: Element) -> dict[str, Any]:
    condition = element.condition
    if condition is None:
        return {}
    return {
        "if": {
            "properties": {condition.element: {"const": condition.equals}},
            "required": [condition.element],
        },
        "then": {"required": [element.id]},
        "else": {"properties": {element.id: False}},
    }


def _closing(*, closed: bool) -> dict[str, Any]:
    return {"additionalProperties": False} if closed else {}
