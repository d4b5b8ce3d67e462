"""The quick way with plain JSON: names, strings, whole numbers and nothing that has to be looked at twice.

It never decides that something is wrong. Whatever it is not sure of is in doubt, and `strict_json` decides.
"""

from __future__ import annotations

from typing import Any

import orjson

LARGEST_INTEGER = 2**53 - 1
_CONTAINERS = frozenset({dict, list})
_PLAIN = frozenset({str, int, bool, type(None)})


class Doubt(Exception):
    """The quick way is not sure."""


def plain_value(data: bytes, max_depth: int, max_string: int) -> Any:
    """The value of JSON without a backslash in which no name comes twice.

    Without a backslash every quotation mark begins or ends a string, so there are two for each name and each
    string of the value, and more only where a member was dropped because its name came again.
    """
    if b"\\" in data:
        raise Doubt
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise Doubt from None
    if type(value) not in _CONTAINERS or 2 * _strings(value, max_depth, max_string) != data.count(b'"'):
        raise Doubt
    return value


def plain_text(value: Any, *, sort_keys: bool) -> bytes:
    """Compact UTF-8 of a value that has neither fractions nor anything that is no JSON."""
    _require_plain(value)
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS if sort_keys else None)
    except orjson.JSONEncodeError:
        raise Doubt from None


def _strings(container: Any, depth: int, max_string: int) -> int:
    """How many strings there are, names included, here and below; anything beyond a limit is in doubt."""
    if not depth:
        raise Doubt
    items = container.values() if type(container) is dict else container
    texts = [item for item in items if type(item) is str]
    below = 0
    if len(texts) < len(items):
        below = sum(_other(item, depth - 1, max_string) for item in items if type(item) is not str)
    if type(container) is dict:
        texts += container
    if max(map(len, texts), default=0) > max_string:
        raise Doubt
    return len(texts) + below


def _other(item: Any, depth: int, max_string: int) -> int:
    kind = type(item)
    if kind in _CONTAINERS:
        return _strings(item, depth, max_string)
    if kind is float or (kind is int and abs(item) > LARGEST_INTEGER):
        raise Doubt
    return 0


def _require_plain(value: Any) -> None:
    kind = type(value)
    if kind in _PLAIN:
        return
    if kind is dict:
        value = value.values()
    elif kind is not list:
        raise Doubt
    kinds = set(map(type, value))
    if kinds <= _PLAIN:
        return
    for item in value:
        if type(item) not in _PLAIN:
            _require_plain(item)
