"""How one element looks as JSON: its schema, and in words what is expected in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tanpuhui.spec.element import InvalidIndicator

if TYPE_CHECKING:
    from collections.abc import Callable

    from tanpuhui.spec.element import Element

# JSON Schema takes 96.0 for an integer, this law does not: one number has one way of being written.
PLAIN = "x-plain-integer"

# The century is fixed so that every instant and date that passes can be computed with.
_DATE = "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?"
_OFFSET = "(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"


class Expectation(NamedTuple):
    """What belongs in a place, said to a person."""

    zh: str
    en: str


def element_schema(element: Element) -> dict[str, Any]:
    """The JSON Schema of an element's value, with its name and unit for the reader."""
    schema = _SHAPES[element.type](element)
    words = f"{element.name_zh}：{element.definition_zh} / {element.name_en}: {element.definition_en}"
    unit = {"x-unit": element.unit} if element.unit else {}
    return {**schema, "description": words, **unit, "x-privacy": element.privacy}


def expectation(element: Element) -> Expectation:
    """The form of an element's value in words."""
    if element.type == "decimal":
        return Expectation(
            f"应为十进制字符串，{element.minimum} 至 {element.maximum} {element.unit}，小数至多 {element.precision} 位",
            f"shall be a decimal string, {element.minimum} to {element.maximum} {element.unit}, "
            f"of at most {element.precision} places",
        )
    if element.type == "integer":
        return Expectation(
            f"应为 {element.minimum} 至 {element.maximum} 的整数",
            f"shall be an integer from {element.minimum} to {element.maximum}",
        )
    if element.type == "code":
        listed = ", ".join(element.values)
        return Expectation(f"应为下列之一：{listed}", f"shall be one of {listed}")
    if element.type == "identifier":
        return Expectation(f"应符合 {element.pattern}", f"shall match {element.pattern}")
    if element.type == "date":
        return Expectation("应为日期，如 2026-03-01", "shall be a date such as 2026-03-01")
    return Expectation(
        "应为带时区偏移的 RFC 3339 时刻，如 2026-03-01T08:00:00+08:00",
        "shall be an RFC 3339 instant with an offset, such as 2026-03-01T08:00:00+08:00",
    )


def _decimal(element: Element) -> dict[str, Any]:
    digits, _, places = (element.maximum or "").partition(".")
    if set(digits + places) != {"9"} or len(places) != element.precision:
        raise InvalidIndicator(
            element.id, "a decimal's maximum shall be all nines, with as many places as its precision"
        )
    tail = rf"(\.[0-9]{{1,{len(places)}}})?"
    return {"type": "string", "pattern": rf"^(0|[1-9][0-9]{{0,{len(digits) - 1}}}){tail}$"}


def _integer(element: Element) -> dict[str, Any]:
    return {
        "type": "integer",
        "minimum": int(element.minimum or 0),
        "maximum": int(element.maximum or 0),
        PLAIN: True,
    }


def _code(element: Element) -> dict[str, Any]:
    return {"type": "string", "enum": list(element.values)}


def _identifier(element: Element) -> dict[str, Any]:
    return {"type": "string", "pattern": element.pattern}


def _date(_: Element) -> dict[str, Any]:
    return {"type": "string", "format": "date", "pattern": f"^{_DATE}$"}


def _instant(_: Element) -> dict[str, Any]:
    return {"type": "string", "format": "date-time", "pattern": f"^{_DATE}T{_CLOCK}{_OFFSET}$"}


_SHAPES: dict[str, Callable[[Element], dict[str, Any]]] = {
    "decimal": _decimal,
    "integer": _integer,
    "code": _code,
    "identifier": _identifier,
    "date": _date,
    "instant": _instant,
}
