"""Reads JSON into typed values; members that they do not know are ignored (API-003)."""

from __future__ import annotations

import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from tanpuhui.reference_client.calling.errors import InvalidAnswer, Text
from tanpuhui.spec.business_time import InvalidInstant, parse_instant
from tanpuhui.spec.limits import InvalidLimit, Limits, Times

T = TypeVar("T")


def read(kind: type[T], found: object, place: str = "") -> T:
    """The value of that kind; a missing or wrong member is an invalid answer that names its place."""
    value: T = _read(kind, found, place)
    return value


def _read(kind: Any, found: Any, place: str) -> Any:
    if kind is Any:
        return found
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        return (
            None
            if found is None
            else _read(next(k for k in get_args(kind) if k is not type(None)), found, place)
        )
    if origin is tuple:
        return _items(get_args(kind)[0], found, place)
    if kind in {Limits, Times}:
        return _advertised(kind, found, place)
    if is_dataclass(kind):
        return _members(kind, found, place)
    return _plain(kind, found, place)


def _items(kind: Any, found: Any, place: str) -> tuple[Any, ...]:
    if not isinstance(found, list):
        raise _invalid(place)
    return tuple(_read(kind, item, f"{place}/{n}") for n, item in enumerate(found))


def _advertised(kind: Any, found: Any, place: str) -> Any:
    try:
        return kind.from_mapping(_plain(dict, found, place))
    except InvalidLimit as wrong:
        raise _invalid(f"{place}/{wrong.name}") from None


def _members(kind: Any, found: Any, place: str) -> Any:
    if not isinstance(found, dict):
        raise _invalid(place)
    members = {}
    for name, (wanted, required) in _shape(kind).items():
        if name in found:
            members[name] = _read(wanted, found[name], f"{place}/{name}")
        elif required:
            raise _invalid(f"{place}/{name}")
    return kind(**members)


@cache
def _shape(kind: Any) -> dict[str, tuple[Any, bool]]:
    hints = get_type_hints(kind)
    return {field.name: (hints[field.name], field.default is MISSING) for field in fields(kind)}


def _plain(kind: Any, found: Any, place: str) -> Any:
    if kind is datetime and isinstance(found, str):
        try:
            return parse_instant(found)
        except InvalidInstant:
            raise _invalid(place) from None
    if not isinstance(found, get_origin(kind) or kind) or (isinstance(found, bool) and kind is not bool):
        raise _invalid(place)
    return found


def _invalid(place: str) -> InvalidAnswer:
    where = place or "/"
    return InvalidAnswer(
        Text(
            f"平台应答缺少成员或类型不对：{where}",
            f"a member of the platform's answer is missing or wrong: {where}",
        ),
        "platform.yaml",
    )
