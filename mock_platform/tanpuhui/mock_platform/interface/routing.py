"""Finds the operation that an address names, or says that there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tanpuhui.mock_platform.interface.operations import operations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tanpuhui.mock_platform.interface.operations import Operation

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request goes: an operation, or nowhere with the methods that the address would support."""

    operation: Operation | None
    path_parameters: Mapping[str, str]
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Address:
    pattern: re.Pattern[str]
    by_method: Mapping[str, Operation]


def find_route(method: str, path: str) -> Route:
    """The route of a request; the path is the raw one, decoded only inside its parameters."""
    for address in _addresses():
        found = address.pattern.fullmatch(path)
        if found is not None:
            values = {name: unquote(value) for name, value in found.groupdict().items()}
            return Route(address.by_method.get(method), values, tuple(sorted(address.by_method)))
    return Route(None, {}, ())


@cache
def _addresses() -> tuple[_Address, ...]:
    paths: dict[str, dict[str, Operation]] = {}
    for operation in operations():
        paths.setdefault(operation.path, {})[operation.method] = operation
    fixed_first = sorted(paths, key=lambda path: path.count("{"))
    return tuple(_Address(_pattern(path), paths[path]) for path in fixed_first)


def _pattern(path: str) -> re.Pattern[str]:
    fixed = _PLACEHOLDER.split(path)
    parts = [re.escape(part) if place % 2 == 0 else f"(?P<{part}>[^/]+)" for place, part in enumerate(fixed)]
    return re.compile("".join(parts))
